"""Help: the keys, the first steps in a case, and where every figure comes from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from excomm.desk.asking import Asked

KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Rooms",
        (
            ("t", "Today"), ("a", "Agreement"), ("i", "Items"), ("s", "Sites and time"),
            ("e", "Enter"), ("h", "Handover"), ("l", "Ledger"), ("c", "Cases"),
            ("m", "Options"), ("b", "Minutes"),
            ("q", "Reports"), ("v", "Watch"),
        ),
    ),
    (
        "Day and reader",
        (
            ("p", "the day before"), ("n", "the day after"), ("d", "to the day"),
            ("k", "as known that day, or as known now"),
            ("y", "Sites: the time bar; arrow keys go a day at a time"),
        ),
    ),
    (
        "Entering",
        (
            ("1 to 9", "the forms, in the order of the page"),
            ("u", "your sheet"), ("0", "a file, a translation, an approval"),
            ("w", "send the form"), ("o", "correct an entry"), ("x", "withdraw an entry"),
        ),
    ),
    (
        "Elsewhere",
        (
            ("f", "Ledger: to the words"), ("j", "Ledger: verify"), ("r", "I have read these"),
            ("u", "Agreement: what if"), ("g", "Handover: I take it"), ("z", "this page"),
            ("/", "a practice case: the guide"),
            (".", "your account, at a shared desk"),
        ),
    ),
)  # fmt: skip
"""Every key of the desk, by where it holds; a test presses them against the pages."""


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """One page for whoever sits down for the first time, and for the keys."""
    return render(request, "desk/help.html", {"asked": Asked(request, slug), "keys": KEYS})
