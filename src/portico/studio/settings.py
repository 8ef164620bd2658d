"""Django's settings, from the environment alone."""

from __future__ import annotations

import sys
from pathlib import Path

from portico.studio import environment, mailing, secret
from portico.studio.accounts import configured as accounts
from portico.studio.database import configured as database

HERE = environment.read()
_PACKAGE = Path(__file__).parent

if HERE.path:
    sys.path.insert(0, str(HERE.path))

SECRET_KEY = secret.provide(HERE.data / "secret.key")
DEBUG = False
ROOT_URLCONF = "portico.studio.urls"
WSGI_APPLICATION = "portico.studio.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    *HERE.apps,
    "portico.studio",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    *accounts.APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portico.studio.accounts.policy.Middleware",
    "portico.studio.serving.statics.Middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",  # by path alone, as the first language has no prefix
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portico.studio.accounts.language.Middleware",
    *accounts.MIDDLEWARE,
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portico.studio.editing.refusal.Middleware",
    "portico.studio.editing.own.Middleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DATABASES = {
    "default": database.database(HERE.database, HERE.data),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR"}},
}
"""What broke stands in the studio's log, with where; Django by itself would only mail it."""

CACHES = {
    # files, as front and back are two processes that must agree; limits on signing in outlive a restart
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HERE.data / "cache",
    },
}
vars().update(accounts.settings(HERE))

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("de", "Deutsch")]
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HERE.data / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MEDIA_URL = "/media/"
MEDIA_ROOT = HERE.data / "media"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portico.studio.serving.fingerprints.Storage"},
}

WAGTAILIMAGES_IMAGE_MODEL = "studio.Picture"
WAGTAILIMAGES_EXTENSIONS = ["avif", "jpg", "jpeg", "png", "svg", "webp"]

WAGTAIL_SITE_NAME = "Portico"
WAGTAILADMIN_BASE_URL = HERE.address.rstrip("/")  # paths are put behind it as they are
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no third party is asked, by nobody's browser
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_DATETIME_FORMAT = "%Y-%m-%d %H:%M:%S"  # its chooser drops what the format doesn't say
WAGTAILREDIRECTS_AUTO_CREATE = True
FOUR_EYES = HERE.four_eyes

locals().update(mailing.settings(HERE.mail, HERE.mail_from))
