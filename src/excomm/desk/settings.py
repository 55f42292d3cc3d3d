"""How Django is set up for the desk. Nothing here reads a file or the environment."""

from pathlib import Path

from excomm.brief.html import STYLES

HERE = Path(__file__).parent
CSRF_COOKIE = "excomm-form"


def configure(secret: str) -> None:
    """Set Django up, once in a process. secret: what cookies and forms are signed with."""
    import django
    from django.conf import settings

    if settings.configured:
        return
    settings.configure(
        SECRET_KEY=secret,
        DEBUG=False,
        # The gate asks for name and port; this is the second lock.
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF="excomm.desk.urls",
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "excomm.desk"],
        MIDDLEWARE=[
            "excomm.desk.gate.with_headers",
            "excomm.desk.gate.gate",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "django.middleware.gzip.GZipMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "excomm.desk.faults.told",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"builtins": ["excomm.desk.templatetags.desk"]},
            }
        ],
        STATIC_URL="/static/",
        STATICFILES_DIRS=[("brief", STYLES)],
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=False,
        WHITENOISE_ADD_HEADERS_FUNCTION=None,
        CSRF_COOKIE_NAME=CSRF_COOKIE,
        CSRF_COOKIE_HTTPONLY=True,
        CSRF_COOKIE_SAMESITE="Strict",
        CSRF_COOKIE_AGE=None,
        CSRF_FAILURE_VIEW="excomm.desk.faults.stale_form",
        DATA_UPLOAD_MAX_MEMORY_SIZE=1 << 20,
        DATA_UPLOAD_MAX_NUMBER_FIELDS=200,
        DATA_UPLOAD_MAX_NUMBER_FILES=0,
        USE_TZ=True,
        USE_I18N=False,
        LOGGING={
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"terminal": {"class": "logging.StreamHandler"}},
            "loggers": {
                "django": {"handlers": ["terminal"], "level": "CRITICAL", "propagate": False},
                "django.request": {"handlers": ["terminal"], "level": "CRITICAL"},
                "excomm.desk": {"handlers": ["terminal"], "level": "ERROR", "propagate": False},
            },
        },
    )
    django.setup()
