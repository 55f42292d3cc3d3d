"""The pages: each reads what was asked, calls the rooms, and hands values to a template."""
