"""All settings. Everything that differs between installations comes from the environment (README, .env.example)."""

import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from . import database, env, mail_settings, sso_settings
from .paths import redis_socket
from .secret_key import secret_key
from .site_url import site_url

BASE_DIR = env.BASE_DIR
DATA_DIR = BASE_DIR / Path(env.text("DATA_DIR", "var")).expanduser()

# --- where it runs ---
DEBUG = env.flag("DEBUG")
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, 1, 65535)
WEB_WORKERS = env.number("WEB_WORKERS", 1, 1, 64)
BOT_WORKERS = env.number("BOT_WORKERS", 1, 0, 64)
JOB_WORKERS = env.number("JOB_WORKERS", 1, 0, 64)
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.texts("ALLOWED_HOSTS", ",".join(LOCAL_HOSTS))
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
SECRET_KEY = secret_key(
    env.text("SECRET_KEY"), DATA_DIR, public=not DEBUG and not set(ALLOWED_HOSTS) <= set(LOCAL_HOSTS)
)
SECRET_KEY_FALLBACKS = env.texts("SECRET_KEY_FALLBACKS")
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0, 0, 10)
HTTPS = env.flag("HTTPS")
SITE_URL_GIVEN = env.text("SITE_URL")
SITE_URL = site_url(
    SITE_URL_GIVEN,
    allowed_hosts=ALLOWED_HOSTS,
    host=HOST,
    port=PORT,
    https=HTTPS,
    proxied=bool(TRUSTED_PROXY_COUNT),
)

# --- stores ---
DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "roundtable.sqlite3")}
DB_THREADS = env.number("DB_THREADS", 8, 1, 64)  # for the sockets, a process
_engine, _given = DATABASES["default"]["ENGINE"], DATABASES["default"].get("OPTIONS", {})
if _engine.endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}  # a file: tests use several threads
DATABASES["default"]["OPTIONS"] = database.options(_engine, DB_THREADS, _given)
DATABASE_SERVING_OPTIONS = database.options(_engine, DB_THREADS, _given, serving=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_SOCKET = redis_socket(DATA_DIR)  # of the embedded one
REDIS_URLS = env.redis_urls("REDIS_URL")
if REDIS_EMBEDDED := not REDIS_URLS:
    REDIS_URLS = [f"unix://{quote(str(REDIS_SOCKET))}"]
REDIS_SERVER = env.text("REDIS_SERVER")  # the program to embed
REDIS_PREFIX = env.text("REDIS_PREFIX", "roundtable")
# redis-py 8 cuts idle subscribers after 5 s by default, so both limits are always explicit (docs/pitfalls).
REDIS_TIMEOUT = 1.0  # seconds, for a command and for connecting
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "rooms.realtime.channel_layer.DirectPubSubChannelLayer",
        "CONFIG": {
            "hosts": [{"address": url, "socket_connect_timeout": REDIS_TIMEOUT} for url in REDIS_URLS],
            "prefix": REDIS_PREFIX,
        },
    }
}
# In the database, so that sign-in and its rate limits work, and are shared, while Redis is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # What is over this is thrown out, live or not: a few hundred failed sign-ins must not push out who is locked.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# In the database, too, in the transaction of whatever needs them.
TASKS = {"default": {"BACKEND": "jobs.backend.DatabaseBackend"}}

# --- the application ---
INSTALLED_APPS = [
    # For `runserver` alone, which it teaches websockets: 28 MB and 0.2 s that no other process should pay.
    *(["daphne"] if "runserver" in sys.argv else []),
    "audit.apps.AuditedAdminConfig",  # Django's admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "common",
    "mysite",
    "jobs",
    "audit",
    "site_settings",
    "files",
    "backups",
    "accounts",
    "rooms",
    "presence",
    "bot",
    "notifications",
    "staff",
]
MIDDLEWARE = [
    "mysite.monitoring.health.health_middleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "mysite.web.security_headers.headers_middleware",
    "accounts.security.session_use.session_use_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "audit.recording.actor_middleware",
    "accounts.middleware.preferences_middleware",
    "accounts.second_factor_middleware.second_factor_middleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.security.known_devices.known_device_middleware",
    "accounts.leaving.leaving_middleware",
    "accounts.middleware.HasherBusyMiddleware",
    "mysite.web.database_unavailable.DatabaseUnavailableMiddleware",
]
ROOT_URLCONF = "mysite.urls"
ASGI_APPLICATION = "mysite.asgi.application"
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
                "accounts.look.look_context",
                "rooms.web.frame.frame_context",
                "staff.web.banner.problems_context",
            ],
            "builtins": ["site_settings.templatetags.server"],
        },
    }
]
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
FILES_DIR = DATA_DIR / "files"
BACKUP_EVERY = env.number("BACKUP_EVERY", 0, 0, 10_000)  # hours; 0: only by the command
BACKUP_DIR = BASE_DIR / Path(env.text("BACKUP_DIR") or DATA_DIR / "backups").expanduser()
BACKUP_KEEP = env.number("BACKUP_KEEP", 7, 1, 1000)  # how many of them
BACKUP_FILES = env.flag("BACKUP_FILES", True)  # no: they are copied in another way
FILES_ORIGIN = env.origin("FILES_ORIGIN")  # where files on the disk are served, and nothing else
if FILES_ORIGIN:
    if urlsplit(FILES_ORIGIN).hostname == urlsplit(SITE_URL).hostname:  # cookies are not told apart by a port
        raise ImproperlyConfigured("FILES_ORIGIN has the name of the site; give it one of its own.")
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, urlsplit(FILES_ORIGIN).hostname or ""]
CLAMAV_URL = env.scanner("CLAMAV_URL")  # clamd, which looks at each file before it is kept
CLAMAV_REQUIRED = env.flag("CLAMAV_REQUIRED", True)  # while it is away: no file comes in
FILES_SENDFILE = env.text("FILES_SENDFILE")  # a location of nginx, or X-Sendfile: the proxy sends the bytes
FILES_STORAGE = env.choice("FILES_STORAGE", "local", "s3")  # where new ones go; the others stay where they are
FILES_S3_BUCKET = env.text("FILES_S3_BUCKET")  # of its own: what nobody refers to is deleted from it
FILES_S3_REGION = env.text("FILES_S3_REGION", "us-east-1")
FILES_S3_ENDPOINT = env.origin("FILES_S3_ENDPOINT", f"https://s3.{FILES_S3_REGION}.amazonaws.com")
FILES_S3_KEY, FILES_S3_SECRET = env.text("FILES_S3_KEY"), env.text("FILES_S3_SECRET")  # or as boto3 finds them
if FILES_STORAGE == "s3" and not FILES_S3_BUCKET:
    raise ImproperlyConfigured("FILES_STORAGE is s3, but FILES_S3_BUCKET is not set.")
STORAGES: dict[str, dict[str, str]] = {
    "files": {"BACKEND": "files.local_storage.LocalStorage"},
    "files-s3": {"BACKEND": "files.s3_storage.S3Files"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "mysite.web.static_storage.HashedFiles"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nothing names the others: half of the time to compress, at the first start

LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "en", "de")  # of pages for whose browser asks for neither; of the bot
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["mysite.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- people ---
AUTH_USER_MODEL = "accounts.User"
SESSION_ENGINE = "accounts.security.session_store"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.security.password_hashing.BoundedPBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_REDIRECT_URL = "/chat/"
LOGOUT_REDIRECT_URL = LOGIN_URL = "/accounts/login/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"  # accounts/mail/confirmation.py, which also knows whether there is mail
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/accounts/profile/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.security.two_factor_forms.ReauthenticatePasswordForm",
}
MFA_FORMS = {
    "authenticate": "accounts.security.two_factor_forms.CodeForm",
    "reauthenticate": "accounts.security.two_factor_forms.ReauthenticateCodeForm",
    "activate_totp": "accounts.security.two_factor_forms.ActivateForm",
    "add_webauthn": "accounts.security.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.security.passkey_forms.EditPasskeyForm",
    "login_webauthn": "accounts.security.passkey_forms.SignInPasskeyForm",
    "authenticate_webauthn": "accounts.security.passkey_forms.SecondFactorPasskeyForm",
    "reauthenticate_webauthn": "accounts.security.passkey_forms.ConfirmPasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "accounts.sso.adapter.SocialAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True  # SocialAdapter.authenticate_by_email says when
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "accounts.security.passkeys.MFAAdapter"
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}  # of answers
MFA_TOTP_TOLERANCE = 1  # a code before or after: telephones' clocks are not exact
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are only for a forgotten password
# No code by mail: whoever sits at an open browser often finds the mail open, too.
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_PREVENT_ENUMERATION = "strict"  # signing up with somebody's address says nothing about them
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_USERNAME_VALIDATORS = "accounts.usernames.username_validators"
# By address block (ip), account or device (key), person (user); the first six are for
# accounts/security/guess_limits.py.
ACCOUNT_RATE_LIMITS = {
    "sign_in": "30/m/ip",
    "sign_in_failed": "10/m/ip,100/h/ip,5/5m/key",
    "sign_in_with_code": "5/m/key",
    "known_device": "20/m/key",
    "known_device_failed": "5/5m/key",
    "passkey_question": "60/m/ip",  # each sign-in page asks one, which is kept in a session
    "code_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip,200/d/ip",
    "owner_link": "20/m/ip",
    "sso": "30/m/ip",
    "reset_password": "10/m/ip,60/h/ip,2/m/key,10/d/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/3m/key,10/d/key",  # of an address: whoever signs up may give that of somebody else
    "change_password": "5/m/user",
    **dict.fromkeys(["login", "login_failed", "reauthenticate"]),  # allauth's own, instead of which the first six count
}
ACCOUNT_SESSION_REMEMBER = True
# seconds that a confirmed password counts for (accounts/security/reauthentication.py)
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
SECOND_FACTOR = env.choice("SECOND_FACTOR", "nobody", "staff", "all")  # who must have one to sign in
SECOND_FACTOR_GRACE = env.number("SECOND_FACTOR_GRACE", 7, 0, 365)  # days that they have for setting it up
TOKEN_MAX_DAYS = env.number("TOKEN_MAX_DAYS", 365, 0, 36_500)  # of tokens made from now on; 0: they need not expire
SERVER_NAME = env.text("SERVER_NAME", "Roundtable")
OPEN_SIGNUP = env.flag("OPEN_SIGNUP", True)
SSO_PROVIDERS = sso_settings.read(env.text("SSO_PROVIDERS"))  # by which people sign in
SSO_ONLY = env.flag("SSO_ONLY")  # nobody but owners by a password
SIGNUP_CONFIRMATION = env.choice("SIGNUP_CONFIRMATION", "optional", "required")  # of the address, where there is mail
ROOM_CREATORS = env.choice("ROOM_CREATORS", "members", "moderators")  # who may create rooms; moderators: of the server
_mail = mail_settings.read(
    url=env.text("EMAIL_URL"),
    host=env.text("EMAIL_HOST"),
    port=env.number("EMAIL_PORT", 0, 0, 65535),
    user=env.text("EMAIL_USER"),
    password=env.text("EMAIL_PASSWORD"),
    tls=env.text("EMAIL_TLS").lower(),
)
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.host, _mail.port, _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.tls == "starttls", _mail.tls == "tls"
# Without a server nothing is sent, and no link that opens an account is written into a log: `manage.py resetlink`.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds that the server may say nothing
DEFAULT_FROM_EMAIL = mail_settings.sender(env.text("EMAIL_FROM"), _mail.user)

# --- safety ---
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    if not TRUSTED_PROXY_COUNT:  # only a proxy speaks TLS, and says so: each page would be sent to itself for ever
        raise ImproperlyConfigured("HTTPS is yes, but TRUSTED_PROXY_COUNT is 0; set it to the number of your proxies.")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Other names under the same domain are not ours to decide about.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # that want these
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|healthz)$"]
X_FRAME_OPTIONS = "DENY"
FILE_ORIGINS = [each for each in (FILES_ORIGIN, FILES_S3_BUCKET and FILES_S3_ENDPOINT) if each]  # besides ours
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, *FILE_ORIGINS, "data:"],
        "media-src": [SELF, *FILE_ORIGINS, "blob:"],  # blob: what was recorded just now
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["roundtable"],  # static/js/lib/trusted_html.js
    }
}

# --- limits ---
RATE_MESSAGES = env.number("RATE_MESSAGES", 10, 1)  # a person, in RATE_SECONDS, over all sockets and processes
RATE_SECONDS = env.number("RATE_SECONDS", 10, 1, 3600)
MAX_NEW_DIRECT_PER_DAY = env.number("MAX_NEW_DIRECT_PER_DAY", 50, 1)  # conversations with others that a person begins
MAX_INVITATIONS_PER_DAY = env.number("MAX_INVITATIONS_PER_DAY", 50, 1)  # into rooms, by one person
ROOM_DELETION_DAYS = env.number("ROOM_DELETION_DAYS", 30, 0, 3650)  # in which a deleted room can be restored
MAX_UPLOAD_MB = env.number("MAX_UPLOAD_MB", 50, 1, 100_000)  # of one file
# What people's files may take in all; 0: any amount.
FILES_QUOTA_PERSON_MB = env.number("FILES_QUOTA_PERSON_MB", 5_000)
FILES_QUOTA_ROOM_MB = env.number("FILES_QUOTA_ROOM_MB", 20_000)
REPORT_DAYS = env.number("REPORT_DAYS", 180, 0, 36_500)  # closed reports are kept, with their evidence; 0: for good
AUDIT_DAYS = env.number("AUDIT_DAYS", 365, 0, 36_500)  # entries of the audit log are kept; 0: for good
FILES_KEPT_DAYS = env.number("FILES_KEPT_DAYS", 0, 0, 36_500)  # then they are removed; 0: a room decides, or never
FILES_QUOTA_MB = env.number("FILES_QUOTA_MB", 100_000)
MAX_SOCKETS_PER_USER = env.number("MAX_SOCKETS_PER_USER", 20, 1)
MAX_CONNECTIONS_PER_ADDRESS = env.number("MAX_CONNECTIONS_PER_ADDRESS", 2000, 20)  # a web process
MAX_CONNECTIONS = env.number("MAX_CONNECTIONS", 10_000, 1)  # a web process
OVERLOAD_ROOM_USERS = env.number("OVERLOAD_ROOM_USERS", 500, 1)
OVERLOAD_SERVER_USERS = env.number("OVERLOAD_SERVER_USERS", 2000, 1)

# --- reaching people who are away ---
PUSH_AFTER = env.number("PUSH_AFTER", 30, 0, 86_400)  # seconds that a notification stays unread before devices show it
MAIL_AFTER = env.number("MAIL_AFTER", 900, 0, 604_800)  # … before a mail tells of it
PUSH_PER_HOUR = env.number("PUSH_PER_HOUR", 30, 1, 1000)  # to one person; what is more waits
PUSH_CONTENT = env.flag("PUSH_CONTENT", True)  # no: devices are only told that there is something new
# Which services browsers may name: the end of a host's name, or a whole origin, which may be on a private network.
PUSH_HOSTS = env.push_hosts(
    "PUSH_HOSTS", "fcm.googleapis.com,push.services.mozilla.com,push.apple.com,notify.windows.com"
)
VAPID_PRIVATE_KEY = env.text("VAPID_PRIVATE_KEY")  # as push/keys.py makes one, for several hosts
VAPID_SUBJECT = env.contact("VAPID_SUBJECT")  # whom a push service may ask; otherwise the site, or EMAIL_FROM
MAILS_PER_DAY = env.number("MAILS_PER_DAY", 10, 1, 1000)  # to one person; what is more waits
MAIL_CONTENT = env.flag("MAIL_CONTENT", True)  # no: mails only say that there is something new
# The name of the bot whose model summarizes rooms in mails; unset: none does. Its limits are those of the bot.
MAIL_SUMMARY_BOT = env.text("MAIL_SUMMARY_BOT").removeprefix("@").lower()
MAIL_SUMMARY_SECONDS = env.number("MAIL_SUMMARY_SECONDS", 15, 1, 120)  # that a mail waits for it; then it goes without

# --- the bot ---
BOT_NAME = env.name("BOT_NAME", "bot")
OPENAI_API_KEY = env.text("OPENAI_API_KEY")
OPENAI_BASE_URL = env.text("OPENAI_BASE_URL")
OPENAI_MODEL = env.text("OPENAI_MODEL", "gpt-5-mini")
OPENAI_API = env.choice("OPENAI_API", "responses", "chat")
BOT_CONTEXT_TOKENS = env.number("BOT_CONTEXT_TOKENS", 6000, 200)
BOT_ANSWER_TOKENS = env.number("BOT_ANSWER_TOKENS", 4000)  # of one answer, thoughts too; 0: as many as the server likes
BOT_PATIENCE = env.number("BOT_PATIENCE", 120, 1, 3600)  # seconds
BOT_DAILY_TOKENS = env.number("BOT_DAILY_TOKENS", 10_000_000)  # of all bots together; 0: any number
BOT_MONTHLY_TOKENS = env.number("BOT_MONTHLY_TOKENS", 100_000_000)
BOT_NEWCOMER_TOKENS = env.number("BOT_NEWCOMER_TOKENS", 200_000)  # a day, of all accounts younger than one
BOT_MAX_RUNNING = env.number("BOT_MAX_RUNNING", 200, 1)  # replies at once in one worker
BOT_MAX_QUEUED = env.number("BOT_MAX_QUEUED", 20, 1)  # waiting in one room

# Staff can change some of the above on a page (site_settings), but not what the environment decides.
SET_IN_ENVIRONMENT = frozenset(env.GIVEN)

LOG_LEVEL = env.choice("LOG_LEVEL", "warning", "debug", "info", "error").upper()
# At `debug` these would write down headers and frames: cookies, tokens, what people say.
_TALKATIVE = ("uvicorn.error", "websockets", "openai", "httpx2", "httpcore2") if LOG_LEVEL == "DEBUG" else ()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {
        "secrets": {"()": "mysite.log_filters.RedactSecrets"},
        "brief": {"()": "mysite.log_filters.ShortenClientErrors"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["brief", "secrets"]}},
    "loggers": {name: {"level": "INFO"} for name in _TALKATIVE},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
