"""Marks on pages that the shared desk looks at before it asks them; the personal desk does not."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class _Mark:
    """A mark that a page carries: `@hands_out` above its function."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, view: View) -> View:
        """Mark a page."""
        setattr(view, self.name, True)
        return view

    def marks(self, view: Callable[..., Any]) -> bool:
        """Whether a page is marked."""
        return bool(getattr(view, self.name, False))


confirms = _Mark("confirms")
"""What is sent to the page does something grave: who sends it confirms first."""

hands_out = _Mark("hands_out")
"""The page's answer leaves the desk as a file: who asks needs the role, confirms, and is logged."""
