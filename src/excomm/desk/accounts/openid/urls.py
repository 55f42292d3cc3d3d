"""The two addresses of each provider: where one goes from, and where one comes back to."""

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path
from requests import RequestException

from excomm.desk.accounts.openid.provider import Asking


def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider."""
    return _by(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from it."""
    return _by(OAuth2CallbackView, request, provider_id)


def _by(view: type, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    asking = Asking(request, provider_id)
    try:
        answer: HttpResponseBase = view.adapter_view(asking)(request)  # type: ignore[attr-defined]
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as fault:
        answer = render_authentication_error(request, asking.get_provider(), exception=fault)
    return answer


urlpatterns = [
    path("oidc/<str:provider_id>/login/", login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]
