"""Django's settings, made from the typed configuration."""

from __future__ import annotations

import os

from csp.constants import NONCE, NONE, SELF

from entrepot.app.config import CHECKOUT, PROVIDERS, load

CONFIG = load()

SECRET_KEY = CONFIG.secret_key
DEBUG = False
BASE_URL = CONFIG.base_url
EDGE_URL = CONFIG.edge_url
IS_PILOT = CONFIG.is_pilot
PROVIDER_SECRET = CONFIG.provider_secret
PAYMENT_PROVIDERS = CONFIG.payment_providers
KNOWN_PAYMENT_PROVIDERS = {name: needed for name, (needed, _) in PROVIDERS.items()}
PROVIDER_SETTINGS = CONFIG.provider_settings
ENTREPOT_HOME = CONFIG.home
SOCKETS = CONFIG.sockets
ALLOWED_HOSTS = [BASE_URL.split("//")[1].split(":")[0], *(["127.0.0.1", "localhost"] if IS_PILOT else [])]

if CONFIG.is_pilot:
    os.environ.setdefault("ENTREPOT_CLOCK_FILE", str(CONFIG.clock_file))

ROOMS = [
    "kit", "markets", "parties", "intake", "ledger", "catalog", "compliance", "landedcost", "offers", "inventory",
    "search", "feeds", "payments", "logistics", "orders", "settlement", "invoicing", "care", "insight",
    "storefront", "seller_centre", "hub_floor", "console", "api",
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # the passkey pages show when a key was used
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(f"entrepot.{room}" for room in ROOMS),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "entrepot.storefront.web.account_methods",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "entrepot.app.urls"
WSGI_APPLICATION = "entrepot.app.wsgi.application"
AUTH_USER_MODEL = "parties.User"

# Jinja2 renders what shoppers, sellers and operators see; Django's own templates serve admin and accounts.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "APP_DIRS": True,  # <room>/jinja2/<room>/*.jinja
        "OPTIONS": {"environment": "entrepot.storefront.environment.make_environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The account pages and the reference lists, in our look.
        "DIRS": [CHECKOUT / "entrepot/storefront/templates", CHECKOUT / "entrepot/console/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASES = {"default": CONFIG.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "es"
# The languages whose catalogue is complete (tests/storefront/test_languages.py); each market offers those of its pack.
LANGUAGES = [
    ("es", "Español"),
    ("en", "English"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("it", "Italiano"),
    ("pt", "Português"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("ca", "Català"),
    ("sv", "Svenska"),
    ("ro", "Română"),
    ("cs", "Čeština"),
    ("bg", "Български"),
    ("el", "Ελληνικά"),
    ("zh-hans", "简体中文"),
]
LOCALE_PATHS = [CHECKOUT / "entrepot" / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.home / "static"
STATICFILES_DIRS = [CONFIG.home / "assets"]  # made at start: storefront/assets.py
MEDIA_URL = "/media/"
MEDIA_ROOT = CONFIG.media
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Sessions live in the database; a cookie only where somebody signs in or fills a cart.
IS_HTTPS = BASE_URL.startswith("https://")
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_AGE = 14 * 86_400
SECURE_SSL_REDIRECT = IS_HTTPS
# In production one reverse proxy on this machine ends TLS; it alone reaches our port and sets these headers.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if IS_HTTPS else 0
CSRF_TRUSTED_ORIGINS = [BASE_URL] if IS_HTTPS else []
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "entrepot.storefront.web.csrf_failed"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# One backend only: two would check a wrong password twice, and the time would tell who has an account.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 3_600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "entrepot.parties.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Mandatory, by a mailed code: only so does sign-up not tell who has an account already.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/h/key",
}
MFA_ADAPTER = "entrepot.parties.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = CONFIG.is_pilot
# Operators of a real market sign in with a second factor; a pilot's known logins need none.
OPERATORS_NEED_SECOND_FACTOR = not CONFIG.is_pilot

# Counts of sign-in tries must be one for all web processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# A pilot keeps its mail on disk, where the console shows it.
EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if CONFIG.is_pilot
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = CONFIG.home / "mail"
DEFAULT_FROM_EMAIL = "Entrepot <no-reply@entrepot.example>"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": CONFIG.log_level},
    "loggers": {"django.request": {"level": "ERROR"}, "fontTools": {"level": "WARNING"}},
}
