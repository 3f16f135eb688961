"""Django's settings of one workspace: the folder named by `RIPELINE_WORKSPACE`, its `ripeline.toml`, its databases.

People, sessions and preferences live in `data/console.db` (alias `default`), the log in `data/ripeline.db` (alias
`log`, written by `server.log` alone). Nothing here reaches another host.
"""

import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from ripeline.server.configuration import configuration
from ripeline.server.console import assets

HERE = Path(__file__).parent
WORKSPACE = Path(os.environ.get("RIPELINE_WORKSPACE", ".")).resolve()
DATA = WORKSPACE / "data"


def _secret_key() -> str:
    """The workspace's own secret, made at the first start; without a workspace (makemessages) one for this run."""
    path = DATA / "secret.key"
    if DATA.is_dir() and not path.is_file():
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was faster, and its secret is whole
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text("utf-8") if path.is_file() else secrets.token_urlsafe(48)


CONFIGURATION = configuration(WORKSPACE)

SECRET_KEY = _secret_key()
DEBUG = False
# A console behind a name of its own lists it: `hosts = ["leads.example.com"]` under [console].
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *CONFIGURATION.console.hosts]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in CONFIGURATION.console.hosts]
# Cookies over https only, once the console is told that it is reached so.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.console.https
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Cookies know no ports: two workspaces on one machine would sign their people out of each other.
_mark = blake2b(SECRET_KEY.encode(), digest_size=4).hexdigest()
SESSION_COOKIE_NAME = f"ripeline_session_{_mark}"
CSRF_COOKIE_NAME = f"ripeline_csrf_{_mark}"
CSRF_COOKIE_HTTPONLY = True  # scripts get the token from hx-headers on <body>
CSRF_FAILURE_VIEW = "ripeline.server.console.errors.stale_form"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "ripeline.server.console",
    "ripeline.server.people",
    "ripeline.server.log",
    "ripeline.server.inbox",
    "ripeline.server.leads",
    "ripeline.server.definitions",
    "ripeline.server.imports",
    "ripeline.server.sources",
    "ripeline.server.refused",
    "ripeline.server.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ripeline.server.console.middleware.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "ripeline.server.console.middleware.kept_private",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ripeline.server.console.middleware.language_and_time",
    "django_htmx.middleware.HtmxMiddleware",
    "ripeline.server.console.middleware.place_in_log",
    "ripeline.server.console.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ripeline.server.console.middleware.wrong_method_told",
]

ROOT_URLCONF = "ripeline.server.urls"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ripeline.server.console.shell.shell",
            ],
            "builtins": ["ripeline.server.console.templatetags.console", "django.templatetags.i18n"],
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "console.db",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    },
    "log": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "ripeline.db",
        # The writer has a connection of its own; migrations turn this off for themselves.
        "OPTIONS": {"timeout": 20, "init_command": "PRAGMA query_only=ON;"},
    },
}
DATABASE_ROUTERS = ["ripeline.server.databases.LogRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "people:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en"
LOCALE_PATHS = [HERE / "locale"]
# A language is offered once its catalogue is there: `makemessages -l pl`, translate, `compilemessages`.
LANGUAGES = [("en", _("English"))] + [
    (code, name)
    for code, name in (("it", _("Italian")), ("pl", _("Polish")), ("ru", _("Russian")), ("sv", _("Swedish")))
    if (HERE / "locale" / code / "LC_MESSAGES" / "django.mo").is_file()
]
USE_I18N = USE_TZ = True
TIME_ZONE = CONFIGURATION.console.timezone

STATIC_URL = "/static/"
STATIC_ROOT = assets.folder()
STATICFILES_DIRS = assets.libraries()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# UI.md §3, without exceptions: no inline style, no inline script, nothing from another host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING"},
        # A wrong address or token is told to whoever sent it, and is no news for whoever runs the server.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}
