"""The morning brief: computed from a view, rendered as text, page, print or JSON."""

from excomm.brief.page import brief
from excomm.brief.structs import Brief, to_json

__all__ = ["Brief", "brief", "to_json"]
