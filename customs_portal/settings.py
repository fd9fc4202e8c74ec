"""Every setting of the portal, read from the environment. It refuses to start in production without a secret key.

A value may also come from a file: `NAME_FILE=/run/secrets/name` is read when `NAME` is not set.
"""

import os
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from customs_portal.follow_ups import FOLLOW_UPS, IN_THE_DEMONSTRATION, SLOW_FOLLOW_UPS  # noqa: F401 (settings)
from customs_portal.site.admin_look import UNFOLD  # noqa: F401 (a setting)
from lib.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    """The variable `name`, else the content of the file that `name_FILE` points at, else `default`."""
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return default


def database(url: str) -> dict[str, object]:
    """Django's database settings from `postgres://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "customs_portal", "connect_timeout": 5},
    }


DEBUG = env("DEBUG") == "1"
DEMO = env("DEMO") == "1"
TESTING = env("PYTEST_VERSION") != ""
SECRET_KEY = env("SECRET_KEY")
if not SECRET_KEY:
    if not (DEBUG or DEMO or TESTING or env("BUILD") == "1"):
        raise ImproperlyConfigured("SECRET_KEY (or SECRET_KEY_FILE) is not set.")
    SECRET_KEY = "not-secret-for-tests-and-builds-only"  # noqa: S105
ALLOWED_HOSTS = env("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
SITE_URL = env("SITE_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DATA_DIR = Path(env("DATA_DIR", str(BASE_DIR / ".portal")))

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "import_export",
    "oauth2_provider",
    "rest_framework",
    "customs_portal",
    "accounts",
    "traders",
    "travel_receipts",
    "tariffs",
    "tariff_changes",
    "tariff_lookup",
    "declarations",
    "passengers",
    "payments",
    "risk",
    "clearance",
    "border",
    "reporting",
    "notifications",
    "machines",
    "oversight",
    *(["demo"] if DEMO or TESTING else []),
]

MIDDLEWARE = [
    "lib.requests.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "customs_portal.site.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "customs_portal.site.turns.ApiTurnsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lib.requests.ReadableMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
    "accounts.middleware.SignInAgainMiddleware",
    "accounts.middleware.PersonFactsMiddleware",
    "accounts.middleware.OfficersNeedSecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
    "machines.middleware.ApiLimitMiddleware",
    "machines.middleware.IdempotencyMiddleware",
    "oversight.middleware.LooksMiddleware",
]

ROOT_URLCONF = "customs_portal.urls"
WSGI_APPLICATION = "customs_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "customs_portal.site.context.portal",
                *(["demo.context.accounts"] if DEMO else []),
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "lib.templatetags.portal",
            ],
        },
    },
]

DATABASES = {"default": database(env("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"))}
# Who owns the tables: needed by `migrate` alone, and known to nobody else.
DATABASE_OWNER = database(env("DATABASE_OWNER_URL")) if env("DATABASE_OWNER_URL") else None
APPLICATION_ROLE, APPLICATION_PASSWORD = (str(DATABASES["default"][name]) for name in ("USER", "PASSWORD"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES: dict[str, dict[str, str]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if TESTING
    else {"BACKEND": "lib.caches.RedisOrOwnCache", "LOCATION": REDIS_URL},
    # Of one process: what may be some minutes old.
    "local": {"BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if TESTING else 'locmem.LocMemCache'}"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
# How many proxies stand before the portal, each of which adds an entry to X-Forwarded-For.
PROXIES = int(env("PROXIES", "0"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if SITE_URL.startswith("https://") else 0
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "customs_portal.site.errors.csrf_failure"

# People -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "accounts.permissions.RolePermissions",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("desk")
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = False if TESTING else {"login": "60/m/ip", "login_failed": "30/m/ip,10/5m/key"}
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_URL.startswith("https://")
MFA_TOTP_ISSUER = "Customs Portal"
MFA_TOTP_TOLERANCE = 1
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "lib.requests.client"
AXES_WHITELIST_CALLABLE = "accounts.requests.is_known_device"
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "accounts.requests.login_name"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# Letters of the demonstration, with their secret links, go to the log of its worker; anywhere else to a mail server.
EMAIL_BACKEND = f"django.core.mail.backends.{'console' if DEMO and not env('EMAIL_HOST') else 'smtp'}.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST", "127.0.0.1")
EMAIL_USE_SSL = env("EMAIL_TLS") == "ssl"
EMAIL_USE_TLS = env("EMAIL_TLS") == "starttls"
EMAIL_PORT = int(env("EMAIL_PORT", "465" if EMAIL_USE_SSL else "587" if EMAIL_USE_TLS else "25"))
EMAIL_HOST_USER = env("EMAIL_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_PASSWORD")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", "portal@customs.example")

# Languages and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("tg", _("Tajik")), ("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", "Asia/Dushanbe")

# Files --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", str(DATA_DIR / "static")))
MEDIA_ROOT = Path(env("MEDIA_ROOT", str(DATA_DIR / "media")))
# Each client of a test would list every static file.
WHITENOISE_AUTOREFRESH = TESTING or DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "customs_portal.site.static_files.PortalStaticFiles"
    },
}
# Private halves of the keys that sign travellers' receipts: one file each, made by `travel_keys` (ADR 50).
TRAVEL_KEYS_DIR = Path(env("TRAVEL_KEYS_DIR", str(DATA_DIR / "travel-keys")))
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 60_000
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024

_SELF_ONLY = [SELF]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": _SELF_ONLY,
        "style-src": _SELF_ONLY,
        "img-src": [SELF, "data:"],
        "font-src": _SELF_ONLY,
        "connect-src": _SELF_ONLY,
        "form-action": [SELF, env("BANK_URL", "http://127.0.0.1:8001")],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": _SELF_ONLY,
    },
}

# Machine door -------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "machines.authentication.ProgramAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "lib.exact_json.StorableJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "machines.authentication.WithinScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "lib.api_faults.api_exception_handler",
    "PAGE_SIZE": 50,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Customs Portal API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "customs_portal.site.api_schema.complete",
    ],
}

# Programs sign in by OAuth 2 (client credentials); a program's rights say which scopes it may ask for.
OAUTH2_PROVIDER = {"ACCESS_TOKEN_EXPIRE_SECONDS": 3600, "SCOPES_BACKEND_CLASS": "machines.scopes.ProgramScopes"}
# Requests of one caller of the API in a minute.
API_PER_MINUTE = int(env("API_PER_MINUTE", "6000"))
# The largest body of a request of the API, all files of an answer together.
API_BODY_BYTES = 64 * 1024 * 1024
# Hosts that webhooks may call although they are not public, by commas: for tests and for trying things out.
WEBHOOK_PRIVATE_HOSTS = [
    host for host in env("WEBHOOK_PRIVATE_HOSTS", "127.0.0.1" if TESTING else "").split(",") if host
]

# Background work ----------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "queue_order_strategy": "priority"}
# Connections to the database are kept between tasks; each is tried before it is used again.
CELERY_DB_REUSE_MAX = 1000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
SWEEP_SECONDS = int(env("SWEEP_SECONDS", "60"))
# How many days before the term of stock ends its company is reminded.
STOCK_DUE_SOON_DAYS = 14

REVENUE_SECONDS = int(env("REVENUE_SECONDS", "600"))  # how often revenue is counted and drawn anew
FIGURES_SECONDS = int(env("FIGURES_SECONDS", "300"))  # how often release times and counts of files are counted
CELERY_BEAT_SCHEDULE = {
    "follow-ups": {"task": "accounts.tasks.sweep_follow_ups", "schedule": SWEEP_SECONDS},
    "sweep": {"task": "clearance.tasks.sweep", "schedule": SWEEP_SECONDS},
    "search": {"task": "tariff_lookup.tasks.sweep", "schedule": SWEEP_SECONDS},
    "impacts": {"task": "declarations.tasks.finish_impacts", "schedule": SWEEP_SECONDS},
    "papers": {"task": "declarations.tasks.throw_away_papers", "schedule": 3600},
    "unchecked-files": {
        "task": "declarations.tasks.check_waiting_files",
        "schedule": SWEEP_SECONDS,
        "options": {"queue": "slow", "expires": SWEEP_SECONDS},
    },
    "drawn-pages": {"task": "declarations.tasks.throw_away_pages", "schedule": crontab(hour=3, minute=50)},
    "stock-terms": {"task": "declarations.tasks.remind_of_stock", "schedule": crontab(hour=6, minute=30)},
    "trainings": {
        "task": "risk.tasks.finish_trainings",
        "schedule": SWEEP_SECONDS,
        "options": {"queue": "slow", "expires": SWEEP_SECONDS},
    },
    "model-drift": {
        "task": "risk.tasks.report_drift",
        "schedule": crontab(hour=4, minute=20),
        "options": {"queue": "slow", "expires": 6 * 3600},
    },
    "guarantees": {"task": "payments.tasks.free_guarantees", "schedule": SWEEP_SECONDS},
    "closing": {
        "task": "payments.tasks.close_days",
        "schedule": crontab(hour=1, minute=30),
        "options": {"queue": "slow", "expires": 6 * 3600},
    },
    "revenue": {
        "task": "payments.tasks.count_revenue",
        "schedule": REVENUE_SECONDS,
        "options": {"queue": "slow", "expires": REVENUE_SECONDS},
    },
    "figures": {
        "task": "reporting.tasks.count",
        "schedule": FIGURES_SECONDS,
        "options": {"queue": "slow", "expires": FIGURES_SECONDS},
    },
    "figures-of-days": {
        "task": "reporting.tasks.count_closed_days",
        "schedule": crontab(hour=0, minute=40),
        "options": {"queue": "slow", "expires": 6 * 3600},
    },
    "guarantee-terms": {"task": "payments.tasks.keep_guarantees", "schedule": crontab(hour=6, minute=45)},
    "history": {"task": "declarations.tasks.nightly", "schedule": crontab(hour=2, minute=15)},
    "deferred": {"task": "payments.tasks.state_deferred_payment", "schedule": crontab(hour=5, minute=20)},
    "ask-the-bank": {"task": "payments.tasks.ask_the_bank", "schedule": SWEEP_SECONDS},
    "messages": {
        "task": "notifications.tasks.send_waiting",
        "schedule": min(SWEEP_SECONDS, 10),
        "options": {"queue": "slow", "expires": 10},
    },
    "webhooks": {
        "task": "machines.tasks.send_due",
        "schedule": min(SWEEP_SECONDS, 10),
        "options": {"queue": "slow", "expires": 10},
    },
    "failing-webhooks": {
        "task": "machines.tasks.send_to_failing",
        "schedule": min(SWEEP_SECONDS, 10),
        "options": {"queue": "slow", "expires": 10},
    },
    "tidy-machines": {"task": "machines.tasks.tidy", "schedule": crontab(hour=3, minute=40)},
    "integrity": {
        "task": "oversight.tasks.mark",
        "schedule": 1800,
        "options": {"queue": "slow", "expires": 1800},
    },
    "forget-looks": {"task": "oversight.tasks.forget", "schedule": crontab(hour=3, minute=25)},
    "seeds": {"task": "risk.tasks.make_seeds", "schedule": 3600},
    "seeds-of-travellers": {"task": "border.tasks.make_seeds", "schedule": 3600},
    "hits": {
        "task": "risk.tasks.count_hits",
        "schedule": 300,
        "options": {"queue": "slow", "expires": 300},
    },
    "travel-figures": {"task": "passengers.tasks.count_travellers", "schedule": 3600},
    "travel-vehicles": {"task": "passengers.tasks.remind_of_vehicles", "schedule": crontab(hour=6, minute=40)},
    "travel-forgetting": {"task": "passengers.tasks.forget", "schedule": crontab(hour=3, minute=20)},
    "companies-history": {
        "task": "risk.tasks.take_in_history",
        "schedule": SWEEP_SECONDS,
        "options": {"queue": "slow", "expires": SWEEP_SECONDS},
    },
    "values": {
        "task": "risk.tasks.compute_values",
        "schedule": crontab(hour=2, minute=40),
        "options": {"queue": "slow", "expires": 6 * 3600},
    },
    "late-files": {"task": "notifications.tasks.tell_of_late_files", "schedule": 600},
    "late-audits": {"task": "notifications.tasks.tell_of_late_audits", "schedule": 600},
    "late-refunds": {"task": "notifications.tasks.tell_of_late_refunds", "schedule": crontab(hour=7, minute=30)},
    "ending-mandates": {"task": "notifications.tasks.tell_of_ending_mandates", "schedule": crontab(hour=7, minute=0)},
}

if DEMO:
    for event, tasks in IN_THE_DEMONSTRATION.items():
        FOLLOW_UPS[event] += tasks

# The key of customs with which papers are signed: a PKCS#12 file, or a token of PKCS#11 (key and certificate under one
# label). Without either papers are not signed. The password is that of the file or the PIN of the token.
SIGNING_FILE, SIGNING_PASSWORD = env("SIGNING_FILE"), env("SIGNING_PASSWORD")
SIGNING_PKCS11_MODULE, SIGNING_PKCS11_TOKEN = env("SIGNING_PKCS11_MODULE"), env("SIGNING_PKCS11_TOKEN")
SIGNING_PKCS11_LABEL = env("SIGNING_PKCS11_LABEL", "customs")
SIGNING_TIMESTAMP_URL = env("SIGNING_TIMESTAMP_URL")
SIGNING_NAME = env("SIGNING_NAME", "Customs")

# A register of companies: "module.Class" of a `traders.register.Register`; without one officers read papers alone.
COMPANY_REGISTER = env("COMPANY_REGISTER")

# A clamd that checks papers for viruses: tcp://host:3310 or unix:///path; without one they are taken unchecked.
CLAMD_URL = env("CLAMD_URL")

# A gateway of SMS: "module.Class" of a `notifications.gateways.Gateway`; without one no SMS is sent.
SMS_GATEWAY = env("SMS_GATEWAY", "notifications.gateways.FileGateway" if DEBUG or DEMO or TESTING else "")

# The bank's hosted page ---------------------------------------------------------------------------------------
BANK_URL = env("BANK_URL", "http://127.0.0.1:8001")
BANK_SECRET = env("BANK_SECRET", "sandbox" if DEBUG or DEMO or TESTING else "")
# Who provides it, by a name of `payments.providers`; our name with a provider that asks for one.
BANK_PROVIDER, BANK_MERCHANT = env("BANK_PROVIDER", "sandbox"), env("BANK_MERCHANT")

# Our accounts at banks, by commas: the first is told to payers, statements of any of them are booked.
BANK_ACCOUNTS = env("BANK_ACCOUNTS", "20204972000000000017" if DEBUG or DEMO or TESTING else "").split(",")
BANK_ACCOUNT_HOLDER, BANK_NAME = env("BANK_ACCOUNT_HOLDER"), env("BANK_NAME")
# Where the bank's files are put for `manage.py take_statements`; what was taken moves to the folder `taken` in it.
STATEMENT_FOLDER = env("STATEMENT_FOLDER")
STATEMENT_LIMIT_BYTES = 200 * 1024 * 1024
# In national currency: what one cashier may allot from the suspense account without a second one.
ALLOT_ALONE_UP_TO = Decimal(env("ALLOT_ALONE_UP_TO", "5000"))
# What one treasury officer may approve alone to be paid out; above it two do.
PAY_OUT_ALONE_UP_TO = Decimal(env("PAY_OUT_ALONE_UP_TO", "5000"))
# The code of our own bank (BIC or domestic), and how domestic account numbers and codes of banks are written.
BANK_CODE = env("BANK_CODE", "350101626" if DEBUG or DEMO or TESTING else "")
DOMESTIC_ACCOUNT, DOMESTIC_BANK = env("DOMESTIC_ACCOUNT", "[0-9]{20}"), env("DOMESTIC_BANK", "[0-9]{9}")
PAYMENT_FILE_MOST = 1000  # pay-outs in one file; what is over goes with the next

# How many days after the term of goods under suspension is over their duty is called without an officer's word.
GUARANTEE_CALLED_AFTER_DAYS = int(env("GUARANTEE_CALLED_AFTER_DAYS", "30"))

# How many requests of the API one web process works on at a time, and lets wait; its other threads are for pages.
API_AT_ONCE, API_WAITING = int(env("API_AT_ONCE", "3")), int(env("API_WAITING", "2"))
API_WAIT_SECONDS, API_RETRY_SECONDS = 1.0, 2

METRICS_TOKEN = env("METRICS_TOKEN")
LOGGING = logging_config(as_json=env("LOG_FORMAT", "json") == "json", level=env("LOG_LEVEL", "INFO"))
