"""Settings, read from the environment (12-factor). `bin/run` fills it in; production sets it itself."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env(
    "SECRET_KEY", default="only-for-building" if "collectstatic" in sys.argv else environ.Env.NOTSET
)
#: former keys, while what they signed (sessions, links) still goes round
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])
STATE_DIR = Path(env("STATE_DIR", default=str(BASE_DIR / ".state")))

INSTALLED_APPS = [
    "sme_hub",
    "disputes",
    "financing",
    "documents",
    "orders",
    "catalog",
    "tariffs",
    "identity",
    "kernel",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "djmoney",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "identity.middleware.SessionSeenMiddleware",
    "identity.middleware.PreferredLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kernel.refusals.RefusalPages",
    "identity.middleware.StepUpMiddleware",
]

ROOT_URLCONF = "sme_hub.urls"
WSGI_APPLICATION = "sme_hub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "sme_hub.pages.frame.frame",
            ],
        },
    }
]

# --- data ---------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgres://smehub_app@127.0.0.1:5432/smehub"),
        "ENGINE": "kernel.postgres",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
#: what every page reads is planned once a connection; not behind a pooler that hands connections on after each transaction
PREPARE_STATEMENTS = env.bool("PREPARE_STATEMENTS", default=True)
#: LISTEN needs a connection of its own, never one behind a pooler
DATABASE_DIRECT_URL = env("DATABASE_DIRECT_URL", default=env("DATABASE_URL", default=""))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: what is said in confidence is sealed with keys made of the first of these; the others open what they once sealed
CASE_SECRETS = env.list("CASE_SECRETS", default=[]) or [f"cases {SECRET_KEY}"]
#: the arbitration desk, a simulator of ours; its answers are signed with the secret
SCIA_URL = env("SCIA_URL", default="")
SCIA_SECRET = env("SCIA_SECRET", default="")
SCIA_TIMEOUT_SECONDS = env.float("SCIA_TIMEOUT_SECONDS", default=10)

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "kernel.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
    },
    #: where sign-in limits are counted while Redis does not answer
    "limits": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
#: categories and exchange rates are read again after so long
REFERENCE_MEMO_SECONDS = env.int("REFERENCE_MEMO_SECONDS", default=60)
SESSION_ENGINE = "identity.sessions"

MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(STATE_DIR / "media")))
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(STATE_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "sme_hub.assets.AssetStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- work off the request -----------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker may be gone for a day
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 1, "visibility_timeout": 60}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "fast"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "forget-old-keys": {"task": "kernel.forget_old_keys", "schedule": timedelta(hours=6)},
    "poll-banks": {
        "task": "financing.poll_banks",
        "schedule": timedelta(minutes=1),
        "options": {"queue": "outside", "expires": 50},
    },
    "refresh-capabilities": {
        "task": "financing.refresh_capabilities",
        "schedule": timedelta(hours=6),
        "options": {"queue": "outside"},
    },
    "tidy-accounts": {"task": "identity.tidy", "schedule": timedelta(hours=12)},
    # from eight in the morning in both cities; each run takes a few hundred people
    "send-digests": {
        "task": "identity.send_digests",
        "schedule": crontab(hour="0", minute="*/5"),
        "options": {"queue": "outside"},
    },
    "count-figures": {
        "task": "orders.count_figures",
        "schedule": timedelta(minutes=5),
        "options": {"queue": "slow", "expires": 240},
    },
    "count-files": {
        "task": "financing.count_files",
        "schedule": timedelta(minutes=5),
        "options": {"queue": "slow", "expires": 240},
    },
    "remove-orphans": {
        "task": "documents.remove_orphans",
        "schedule": timedelta(hours=24),
        "options": {"queue": "slow"},
    },
}
#: Celery processes per lane; the relay sends no more wake-ups than these can take
LANE_PROCESSES = {
    "fast": env.int("FAST_PROCESSES", default=1),
    "slow": env.int("SLOW_PROCESSES", default=1),
    "outside": env.int("OUTSIDE_PROCESSES", default=1),
}
#: how long a process may work on one delivery before another takes it over, and before it is ended itself
LANE_LEASE_SECONDS = {
    "fast": env.int("FAST_LEASE_SECONDS", default=10),
    "slow": env.int("SLOW_LEASE_SECONDS", default=45),
    "outside": env.int("OUTSIDE_LEASE_SECONDS", default=60),
}

# --- banks --------------------------------------------------------------------------------------------------------

#: by code: `{"url": …, "public_key": …}`; keys are Ed25519, base64url (`python -m simulators.keys` makes a set)
BANKS: dict[str, dict[str, str]] = env.json("BANKS") if env("BANKS", default="") else {}
HUB_SIGNING_KEY = env("HUB_SIGNING_KEY", default="")
HUB_KEY_ID = env("HUB_KEY_ID", default="hub-1")
#: of the registry's digests; another key forgets which invoices are financed
FINANCE_REGISTRY_KEY = env("FINANCE_REGISTRY_KEY", default="") or SECRET_KEY
FINANCE_REGISTRY_KEY_ID = env("FINANCE_REGISTRY_KEY_ID", default="1")

# --- issuers of government identities -----------------------------------------------------------------------------

#: under whose law this copy is run, SG or CN: what a connected identity tells goes there
PLATFORM_JURISDICTION = env("PLATFORM_JURISDICTION", default="SG")
#: by code: `{"iss": …, "discovery_url": …, "client_id": …, "profile": …, "assertion_key": …}`: those that the demonstration
#: makes known. All others are added by `manage.py add_issuer` or in the admin; these settings are no list of them
ISSUERS: dict[str, dict[str, str]] = env.json("ISSUERS") if env("ISSUERS", default="") else {}

# --- people -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["identity.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "identity.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "identity.forms.SignupNameForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
#: in the browser that signed up, a confirmed address leads straight to the desk
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60
#: passwords, addresses and second factors are changed by who showed in the last minutes that it is them
ACCOUNT_FORMS = {"confirm_login_code": "identity.hearing.CodeForm", "signup": "identity.doors.SignUpForm"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0
ACCOUNT_DEFAULT_HTTP_PROTOCOL = BASE_URL.partition(":")[0]
MFA_ADAPTER = "identity.factors.FactorAdapter"
MFA_FORMS = {
    "add_webauthn": "identity.factors.PasskeyForm",
    "edit_webauthn": "identity.factors.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
#: secrets of authenticator apps lie encrypted under this key; without one of its own, under SECRET_KEY
FACTOR_KEY = env("FACTOR_KEY", default=SECRET_KEY)
#: under which external persons are known again; without one of its own, SECRET_KEY
SUBJECT_KEY = env("SUBJECT_KEY", default="") or SECRET_KEY

EMAIL_BACKEND = env(
    "EMAIL_BACKEND",
    default="django.core.mail.backends.filebased.EmailBackend"
    if DEBUG or DEMO
    else "django.core.mail.backends.smtp.EmailBackend",
)
#: mail of a development or demo copy lies here and is read at /dev/mail/
EMAIL_FILE_PATH = STATE_DIR / "mail"
DEV_MAIL = (DEBUG or DEMO) and EMAIL_BACKEND == "django.core.mail.backends.filebased.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
#: who answers the contact page; what stands on the privacy notice as responsible
PROGRAMME_OFFICE_EMAIL = env("PROGRAMME_OFFICE_EMAIL", default="office@smehub.example")
PROGRAMME_OFFICE_NAME = env("PROGRAMME_OFFICE_NAME", default="")
PROGRAMME_OFFICE_ADDRESS = env("PROGRAMME_OFFICE_ADDRESS", default="")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="SME Hub <hub@smehub.example>")

# --- languages and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
#: dates of Django's own pages as everywhere else: sme_hub/formats/
FORMAT_MODULE_PATH = "sme_hub.formats"
USE_TZ = True
#: stored as UTC; both cities show UTC+8
TIME_ZONE = "Asia/Singapore"

# --- what browsers are told ---------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
X_FRAME_OPTIONS = "DENY"
HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
#: two copies on one host keep their sign-ins apart (cookies do not know ports)
SESSION_COOKIE_NAME = env("SESSION_COOKIE_NAME", default="sessionid")

# --- API ----------------------------------------------------------------------------------------------------------

#: requests a minute by one token, and by one address without a token; 0 sets no limit
API_RATES = {
    "token": env.int("API_RATE_TOKEN", default=1000),
    "anonymous": env.int("API_RATE_ANONYMOUS", default=120),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["identity.api.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kernel.api.JsonBody"],
    "DEFAULT_THROTTLE_CLASSES": ["kernel.throttling.FairUse"],
    "NUM_PROXIES": 1 if env.bool("BEHIND_PROXY", default=False) else 0,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "kernel.api.problem_handler",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SME Hub API",
    "DESCRIPTION": "The same verbs and refusals as the pages, for programs.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
