"""The case: the one object analysts hold, and its view on a day for one reader."""

from excomm.case.view import SHIPPED, Case, CaseHead, View, shipped_cases

__all__ = ["SHIPPED", "Case", "CaseHead", "View", "shipped_cases"]
