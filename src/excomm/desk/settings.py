"""How Django is set up for the desk, personal or shared. Nothing here reads a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from excomm.brief.html import STYLES

if TYPE_CHECKING:
    from excomm.desk.accounts.installation import Installation

HERE = Path(__file__).parent
SOURCE = "en"
LOCALE = HERE / "locale"
"""Catalogues: LANGUAGE/LC_MESSAGES/django.mo; django.pot holds every string to be translated."""
CSRF_COOKIE = "excomm-form"


def configure(settings_of: dict[str, Any]) -> None:
    """Set Django up, once in a process."""
    import django
    from django.conf import settings

    if settings.configured:
        return
    settings.configure(**settings_of)
    django.setup()


def languages() -> list[tuple[str, str]]:
    """The languages that the desk speaks: its own, and those with a catalogue."""
    from django.conf.locale import LANG_INFO

    found = sorted(path.parts[-3] for path in LOCALE.glob("*/LC_MESSAGES/django.mo"))
    known = [word.replace("_", "-").lower() for word in found]
    return [(word, str(LANG_INFO[word]["name"])) for word in (SOURCE, *known)]


def personal(secret: str) -> dict[str, Any]:
    """The desk of one person: no database. secret: what cookies and forms are signed with."""
    return _both(secret) | {
        # The gate asks for name and port; this is the second lock.
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
        "ROOT_URLCONF": "excomm.desk.urls",
        "INSTALLED_APPS": ["django.contrib.staticfiles", "django_htmx", "excomm.desk"],
        "MIDDLEWARE": [
            "excomm.desk.gate.with_headers",
            "excomm.desk.gate.gate",
            *_FIRST,
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "excomm.desk.faults.told",
        ],
        "TEMPLATES": [_templates([])],
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    }


def shared(secret: str, found: "Installation", folder: Path) -> dict[str, Any]:
    """The desk of several people: accounts in a database, sessions and limits there as well."""
    from excomm.desk.accounts.installation import database

    cookie = "__Host-excomm" if found.is_https else "excomm-session"
    return _both(secret) | {
        "ALLOWED_HOSTS": [found.name],
        "ROOT_URLCONF": "excomm.desk.accounts.urls",
        "INSTALLED_APPS": [*_SHARED_APPS, *(_SAML if found.saml else ())],
        "MIDDLEWARE": [
            "excomm.desk.accounts.entrance.with_headers",
            *_FIRST,
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "excomm.desk.faults.told",
            "allauth.account.middleware.AccountMiddleware",
            "allauth.usersessions.middleware.UserSessionsMiddleware",
            "excomm.desk.accounts.entrance.entrance",
        ],
        "TEMPLATES": [_templates(["django.template.context_processors.request"])],
        "DATABASES": {"default": database(found, folder)},
        # One cache for all workers: a limit that each counted alone would let twice as much pass.
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "people_cache",
                # Nobody pushes out what is counted of him by making more of it.
                "OPTIONS": {"MAX_ENTRIES": 1_000_000},
            }
        },
        "AUTH_USER_MODEL": "people.Person",
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": f"django.contrib.auth.password_validation.{name}",
                "OPTIONS": options,
            }
            for name, options in (
                ("UserAttributeSimilarityValidator", {"user_attributes": ("name", "called")}),
                ("MinimumLengthValidator", {"min_length": 12}),
                ("CommonPasswordValidator", {}),
            )
        ],
        "SESSION_ENGINE": "django.contrib.sessions.backends.db",
        "SESSION_COOKIE_NAME": cookie,
        "SESSION_COOKIE_AGE": found.hours * 3600,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": found.is_https,
        "CSRF_COOKIE_SECURE": found.is_https,
        "CSRF_USE_SESSIONS": False,
        "CSRF_FAILURE_VIEW": "excomm.desk.accounts.resuming.stale_form",
        "CSRF_TRUSTED_ORIGINS": [found.url.rstrip("/")],
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if found.proxies else None,
        "LOGIN_URL": "/account/login/",
        "LOGIN_REDIRECT_URL": "/",
        "LOGOUT_REDIRECT_URL": "/account/login/",
        **_allauth(found),
    }


_FIRST = (
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.common.CommonMiddleware",
)
_SHARED_APPS = (
    "django.contrib.staticfiles",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django_htmx",
    "excomm.desk.accounts",
    "excomm.desk",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "excomm.desk.accounts.openid",
)
_SAML = ("allauth.socialaccount.providers.saml",)


def _both(secret: str) -> dict[str, Any]:
    return {
        "SECRET_KEY": secret,
        "DEBUG": False,
        "STATIC_URL": "/static/",
        "STATICFILES_DIRS": [("brief", STYLES)],
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "WHITENOISE_ADD_HEADERS_FUNCTION": None,
        "CSRF_COOKIE_NAME": CSRF_COOKIE,
        "CSRF_COOKIE_AGE": None,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_FAILURE_VIEW": "excomm.desk.faults.stale_form",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 4 << 20,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 400,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 1,
        "FILE_UPLOAD_HANDLERS": [
            "excomm.desk.uploads.Bounded",
            "django.core.files.uploadhandler.MemoryFileUploadHandler",
            "django.core.files.uploadhandler.TemporaryFileUploadHandler",
        ],
        "FILE_UPLOAD_PERMISSIONS": 0o600,
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "USE_I18N": True,
        "LANGUAGE_CODE": SOURCE,
        "LANGUAGES": languages(),
        "LOCALE_PATHS": [LOCALE],
        "LOGGING": {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"terminal": {"class": "logging.StreamHandler"}},
            "loggers": {
                "django": {"handlers": ["terminal"], "level": "CRITICAL", "propagate": False},
                "django.request": {"handlers": ["terminal"], "level": "CRITICAL"},
                "excomm.desk": {"handlers": ["terminal"], "level": "ERROR", "propagate": False},
            },
        },
    }


def _templates(processors: list[str]) -> dict[str, Any]:
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "excomm.desk.templatetags.desk"],
            "context_processors": processors,
        },
    }


def _allauth(found: "Installation") -> dict[str, Any]:
    accounts = "excomm.desk.accounts.adapter"
    return {
        "ALLAUTH_TRUSTED_PROXY_COUNT": found.proxies,
        "ACCOUNT_ADAPTER": f"{accounts}.Accounts",
        "ACCOUNT_FORMS": {"login": "excomm.desk.accounts.forms.SignIn"},
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": "name",
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": "email",
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_ON_GET": False,
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 600,
        "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
        "ACCOUNT_RATE_LIMITS": {"login_failed": "5/5m/key,30/m/ip", "login": "60/m/ip"},
        "MFA_ADAPTER": f"{accounts}.Factors",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_TOTP_TOLERANCE": 1,
        # Without TLS only this machine is served, where browsers take keys as well.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not found.is_https,
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "USERSESSIONS_TRACK_ACTIVITY": False,
        "SOCIALACCOUNT_ADAPTER": f"{accounts}.Providers",
        "SOCIALACCOUNT_AUTO_SIGNUP": False,
        "SOCIALACCOUNT_LOGIN_ON_GET": False,
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "SOCIALACCOUNT_PROVIDERS": {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": word,
                        "name": each.name,
                        "client_id": each.client_id,
                        "secret": each.secret,
                        "settings": {"server_url": each.server_url, "fetch_userinfo": False},
                    }
                    for word, each in found.openid.items()
                ],
            },
            "saml": {
                "APPS": [
                    {
                        "provider_id": word,
                        "client_id": word,
                        "name": each.name,
                        "settings": {
                            "idp": {
                                "entity_id": each.entity_id,
                                "metadata_url": each.metadata_url,
                            },
                            # A signature over what it asserts, not only over the envelope; and a
                            # name for the person is enough.
                            "advanced": {
                                "want_assertion_signed": True,
                                "want_attribute_statement": False,
                            },
                        },
                    }
                    for word, each in found.saml.items()
                ]
            },
        },
    }
