"""How much is asked of a machine that others use: laws are tried, their time is not."""

from hypothesis import settings

settings.register_profile("laws, not times", deadline=None)
settings.load_profile("laws, not times")
