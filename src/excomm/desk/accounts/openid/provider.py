"""The provider, in the place of allauth's own of the same name."""

import secrets
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponseBase

WELL_KNOWN = "/.well-known/openid-configuration"


class Asking(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """How the provider is asked, and what of its answer is believed."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises OAuth2Error where it is another's word."""
        found: dict[str, Any] = super().openid_config
        expected = self.get_provider().server_url.removesuffix(WELL_KNOWN)
        if str(found.get("issuer", "")).rstrip("/") != expected.rstrip("/"):
            raise OAuth2Error("the provider calls itself by another name")
        return found

    def get_access_token_data(self, *asked: Any, **more: Any) -> Any:
        """The answer with the token. Its signature is checked, whichever way it came."""
        found = super().get_access_token_data(*asked, **more)
        self.did_fetch_access_token = False
        return found

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = super()._decode_id_token(app, id_token)
        except (KeyError, TypeError, ValueError):
            raise OAuth2Error("a token without the name of its key, or of another kind") from None
        return found


class OpenId(OpenIDConnectProvider):  # type: ignore[misc]
    """OpenID Connect by the code flow, with PKCE and a nonce; asks for no more than who it is."""

    oauth2_adapter_class = Asking

    def get_default_scope(self) -> list[str]:
        """Who somebody is, and nothing else of him."""
        return ["openid"]

    def get_oauth2_adapter(self, request: HttpRequest) -> Asking:
        """The adapter of this provider."""
        return Asking(request, self.app.provider_id)

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None,
        data: Any = None, **more: Any,
    ) -> HttpResponseBase:  # fmt: skip
        """To the provider, with a nonce that its answer has to repeat (`Providers`)."""
        nonce = secrets.token_urlsafe(32)
        params = {**(more.pop("auth_params", None) or self.get_auth_params()), "nonce": nonce}
        answer: HttpResponseBase = super().redirect(
            request, process, next_url, data, auth_params=params, nonce=nonce, **more
        )
        return answer


provider_classes = [OpenId]
