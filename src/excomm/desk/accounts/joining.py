"""Joining: the page behind an invitation, where somebody makes a password of his own."""

from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from excomm.desk import faults
from excomm.desk.accounts import inviting

_NO_LINK = ["It was used already, or its three days are over. Ask the custodian for another."]


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for a password, twice; looking at the page spends nothing."""
    found = inviting.invited(secret)
    if found is None:
        return faults.page(request, 404, "This link is good no more", _NO_LINK)
    wrong: list[str] = []
    if request.method == "POST":
        password = request.POST.get("password", "")
        if password != request.POST.get("again", ""):
            wrong = ["The two passwords differ. Write the same one twice."]
        else:
            try:
                validate_password(password, found.person)
            except ValidationError as fault:
                wrong = list(fault.messages)
        if not wrong:
            if not inviting.join(found, password, request=request):
                return faults.page(request, 404, "This link is good no more", _NO_LINK)
            return redirect("account_login")
    said = {"person": found.person, "wrong": wrong, "rules": password_validators_help_texts()}
    return render(request, "people/join.html", said, status=422 if wrong else 200)
