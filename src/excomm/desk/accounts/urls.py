"""The addresses of the shared desk: signing in, people, and then the pages of every desk."""

from allauth.account import views as account
from django.apps import apps
from django.urls import include, path

from excomm.desk.accounts import joining, own, people, resuming
from excomm.desk.accounts.current import current
from excomm.desk.api.feed import feed
from excomm.desk.api.v1 import api

# With the extra `saml`, where an installation names a provider: `settings.shared`.
_SAML = "allauth.socialaccount.providers.saml"
_saml = [path("account/other/", include(f"{_SAML}.urls"))] if apps.is_installed(_SAML) else []

urlpatterns = [
    *_saml,
    path("account/", own.account, name="account"),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/typed", resuming.resume, name="resume"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/notices", own.notices, name="notices"),
    path("account/end-sessions", own.end_sessions, name="end-sessions"),
    path("account/tokens/new", own.new_token, name="token-new"),
    path("account/tokens/end", own.end_token, name="token-end"),
    path("api/v1/", api.urls),
    path("feed/<str:secret>/<slug:slug>.ics", feed, name="feed"),
    path("account/other/", include("allauth.socialaccount.urls")),
    path("account/other/", include("excomm.desk.accounts.openid.urls")),
    path("join/<str:secret>", joining.join, name="join"),
    path("people/", people.people, name="people"),
    path("people/new", people.new, name="people-new"),
    path("people/log", people.log, name="people-log"),
    path("people/<str:name>", people.person, name="person"),
    path("people/<str:name>/change", people.change, name="person-change"),
    path("<slug:slug>/current", current, name="current"),
    path("", include("excomm.desk.urls")),
]
handler400 = "excomm.desk.faults.bad_request"
handler403 = "excomm.desk.faults.not_allowed"
handler404 = "excomm.desk.faults.not_found"
handler500 = "excomm.desk.faults.broken"
