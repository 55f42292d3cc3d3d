"""The modules of the desk's accounts and its API need Django set up to be imported at all.

They hold no examples to run; their tests stand in tests/desk/shared.
"""

collect_ignore_glob = ["excomm/desk/accounts/*", "excomm/desk/api/*"]
