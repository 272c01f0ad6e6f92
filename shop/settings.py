"""Django settings; values that differ between machines are read with `shop.config`."""

from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from shop import config, env_file, media, worker
from shop.postgres import addresses
from shop.runtime import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env_file.load(BASE_DIR / ".env")

DEBUG = config.optional("DEBUG", config.boolean, default=False)
IN_PRODUCTION = "set it, or set DEBUG=on to try the shop"

# Public demo values, used only with DEBUG on.
DEMO_SECRET_KEY = "demo-secret-key-for-a-machine-of-ones-own-only-0123456789"  # noqa: S105
DEMO_CHAT = "4000000000000002"  # not a valid id: those of Telegram are below 2**40
# By dotted path: with DEBUG off nothing below demo/ is imported, except by `manage.py seed`.
DEMO_SHOP = "demo.seeding.seed"
DEMO_INIT_DATA = "demo.sign_in.sign" if DEBUG else ""
DEMO_INIT_DATA_KEY = "demo.sign_in.key_for" if DEBUG else ""
DEMO_VISIT = "demo.sign_in.visit" if DEBUG else ""

_secret = config.matching(r".{50,}", "write at least 50 characters, best random ones")
SECRET_KEY = (
    config.optional("SECRET_KEY", _secret, DEMO_SECRET_KEY)
    if DEBUG
    else config.required("SECRET_KEY", _secret, IN_PRODUCTION)
)

_host = config.matching(r"\*|\.?[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:]+\]", "write host names without https:// or a port")
ALLOWED_HOSTS = (
    config.optional("ALLOWED_HOSTS", config.comma_separated(_host), ["localhost", "127.0.0.1", "[::1]"])
    if DEBUG
    else config.required("ALLOWED_HOSTS", config.comma_separated(_host), IN_PRODUCTION)
)
PUBLIC_URL = config.optional("PUBLIC_URL", config.http_url, "")

# --- Telegram ---------------------------------------------------------------------------------------------

_token = config.matching(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,}", "write the token that @BotFather gave, such as 123456:AbC…")
# Empty in a demo without a bot: then no init data is signed with it.
TELEGRAM_BOT_TOKEN = (
    config.optional("TELEGRAM_BOT_TOKEN", _token, "")
    if DEBUG
    else config.required("TELEGRAM_BOT_TOKEN", _token, IN_PRODUCTION)
)
_bot_name = config.matching(
    r"[A-Za-z][A-Za-z0-9_]{3,30}[A-Za-z0-9]", "write the bot's name without @, such as my_shop_bot"
)
# For links into the shop that open in Telegram.
TELEGRAM_BOT_USERNAME = config.optional("TELEGRAM_BOT_USERNAME", _bot_name, "")
TELEGRAM_API_URL = config.optional("TELEGRAM_API_URL", config.http_url, "https://api.telegram.org")
TELEGRAM_INIT_DATA_TTL = config.optional("TELEGRAM_INIT_DATA_TTL", config.integer(60, 7 * 24 * 3600), 3600)

_chat = config.matching(
    r"-?[1-9][0-9]{0,15}|@[A-Za-z][A-Za-z0-9_]{3,31}", "write chat ids such as 12345, -1001234567890"
)
MANAGER_CHAT_IDS: list[str] = config.optional("MANAGER_CHAT_ID", config.comma_separated(_chat), [])
ADMIN_EMAILS: list[str] = config.optional("ADMIN_EMAILS", config.comma_separated(config.email), [])
# A demo without a bot or without managers' chats prints the messages.
TELEGRAM_TO_CONSOLE = not TELEGRAM_BOT_TOKEN or (DEBUG and not MANAGER_CHAT_IDS and not ADMIN_EMAILS)
if TELEGRAM_TO_CONSOLE and not MANAGER_CHAT_IDS:
    MANAGER_CHAT_IDS = [DEMO_CHAT]
if not MANAGER_CHAT_IDS and not ADMIN_EMAILS:
    raise ImproperlyConfigured(
        "MANAGER_CHAT_ID: is not set, and ADMIN_EMAILS neither: nobody would be told of an order; "
        "`DEBUG=on .venv/bin/python manage.py bot check` shows the ids of chats"
    )

_email_url = config.matching(
    r"(smtp|smtps|smtp\+tls|smtp\+ssl|consolemail|memorymail)://\S*",
    "write it such as smtp+tls://user:password@host:587",
)
EMAIL_URL = config.optional("EMAIL_URL", _email_url, "")
if ADMIN_EMAILS and not EMAIL_URL and not DEBUG:
    raise ImproperlyConfigured(
        "EMAIL_URL: is not set; ADMIN_EMAILS needs it, such as smtp+tls://user:password@host:587"
    )
try:
    _email = environ.Env.email_url_config(EMAIL_URL or "consolemail://")
except ValueError:  # a port that is no number
    raise ImproperlyConfigured("EMAIL_URL: write it such as smtp+tls://user:password@host:587") from None
if _email["EMAIL_BACKEND"].endswith(".smtp.EmailBackend"):
    _email["EMAIL_BACKEND"] = "shop.outbound.mail.EmailBackend"
vars().update(_email)
EMAIL_TIMEOUT = 10  # between two bytes; shop.outbound.mail has the limit of a whole session
DEFAULT_FROM_EMAIL = config.optional("EMAIL_FROM", config.email, "botshop@localhost")

# --- Framework --------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
    "axes",
    "pgtrigger",
    "simple_history",
    "accounts",
    "catalog",
    "merchant",
    "orders",
    "delivery",
    "promotions",
    "payments",
    "customers",
    "notifications",
    "storefront",
]
CORS_ALLOWED_ORIGINS: list[str] = config.optional("CORS_ALLOWED_ORIGINS", config.comma_separated(config.origin), [])
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # It reads all headers of each request, and is useless in a shop without pages of other origins: in most of them.
    *(["corsheaders.middleware.CorsMiddleware"] if CORS_ALLOWED_ORIGINS else []),
    "shop.http.language.choose_language",
    "shop.http.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shop.http.middleware.AuthenticationMiddleware",
    "shop.http.middleware.MessageMiddleware",
    "shop.http.work.limit_work",
    "shop.http.bodies.limit_bodies",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shop.http.content_security_policy.add_policy",
    "shop.api.caching.no_store_by_default",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
# Cached responses (shop.http.response_cache) are valid until this function returns another value.
PUBLIC_PATHS = [
    "storefront.public_paths.PATHS",
    "merchant.public_paths.PATHS",
    "delivery.public_paths.PATHS",
    "payments.public_paths.PATHS",
    "catalog.public_paths.PATHS",
]
PUBLIC_REVISION = "catalog.freshness.revision.current"
APPEND_SLASH = False  # the API's routes accept both forms, and the admin appends its own
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
            ]
        },
    }
]

# --- Data -------------------------------------------------------------------------------------------------

EMBEDDED_POSTGRES = BASE_DIR / ".data" / "postgres"
_database_url = config.optional("DATABASE_URL", config.postgresql_url, "")
if not _database_url:
    if not DEBUG:
        raise ImproperlyConfigured(f"DATABASE_URL: is not set; {IN_PRODUCTION}")
    _database_url = import_string("demo.postgres.default_url")(EMBEDDED_POSTGRES)
# Threads per web process; each keeps one connection. With fewer, processors idle while all wait for the database;
# more only wait for each other, because only one thread at a time runs Python.
THREADS = 4


DATABASES = addresses.databases(
    _database_url,
    direct_url=config.optional("DATABASE_DIRECT_URL", config.postgresql_url, ""),
    replica_url=config.optional("DATABASE_REPLICA_URL", config.postgresql_url, ""),
)
DATABASE_ROUTERS = ["catalog.freshness.replica.CatalogRouter"]
# The function of django-pgtrigger is made where the tables are: a database may give us another schema than `public`.
PGTRIGGER_SCHEMA = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
# The history of settings and pages is read, never written back: a form of the present checks more.
SIMPLE_HISTORY_REVERT_DISABLED = True

REDIS_URL = config.optional(
    "REDIS_URL", config.matching(r"(rediss?|unix)://\S+", "write it such as redis://host:6379/0"), ""
)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

PROCRASTINATE_WORKER_DEFAULTS = worker.DEFAULTS

# --- The API ----------------------------------------------------------------------------------------------

_anon_rate, _orders_rate = config.rate("THROTTLE_ANON", "300/min"), config.rate("THROTTLE_ORDERS", "20/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.InitDataAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["shop.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["shop.api.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "shop.api.negotiation.AlwaysJSON",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_PAGINATION_CLASS": "shop.api.pagination.CursorPages",
    "DEFAULT_THROTTLE_CLASSES": ["shop.api.throttles.PerAddress", "shop.api.throttles.PerCustomer"],
    "DEFAULT_THROTTLE_RATES": {
        "anon": _anon_rate,
        "user": config.rate("THROTTLE_USER", "300/min"),
        "orders": _orders_rate,
    },
    # Number of our proxies: so many addresses at the end of X-Forwarded-For are trusted.
    "NUM_PROXIES": config.optional("NUM_PROXIES", config.integer(0, 9), 0),
    "DEFAULT_SCHEMA_CLASS": "shop.api.openapi.OperationSchema",
    "EXCEPTION_HANDLER": "shop.api.problems.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "botshop",
    "DESCRIPTION": "The API of a shop inside Telegram. Errors are RFC 9457 problems with a stable `code`.",
    "VERSION": "1",
    "LICENSE": {"name": "MIT", "url": "https://opensource.org/license/mit"},
    "SERVERS": [
        {
            "url": PUBLIC_URL or "/",
            "description": "A demo on this machine (local)." if DEBUG else "The shop (production).",
            "x-internal": "false",
        }
    ],
    "TAGS": [
        {"name": "cart", "description": "Price a cart."},
        {"name": "categories", "description": "The tree of categories."},
        {"name": "delivery-methods", "description": "How orders are delivered, and what that costs."},
        {"name": "orders", "description": "Place, list and cancel one's own orders."},
        {"name": "pages", "description": "Texts of the shop, such as its terms."},
        {"name": "payment-methods", "description": "How orders are paid."},
        {"name": "products", "description": "List, search, count and complete the products on sale."},
        {"name": "shop", "description": "What a front end needs to start."},
        {"name": "users", "description": "The customer's own profile."},
    ],
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "OAS_VERSION": "3.1.1",
    "ENUM_NAME_OVERRIDES": {"OrderStatusEnum": "orders.statuses.Status"},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "shop.api.document.finish",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
# Seconds of work for an address per web process (shop.http.work). Off by default without a rate limit of addresses.
THROTTLE_WORK = config.rate("THROTTLE_WORK", "15/min" if _anon_rate else "")
CORS_URLS_REGEX = r"^/(api|health)"
CORS_ALLOW_HEADERS = ["authorization", "content-type", "idempotency-key"]
CORS_EXPOSE_HEADERS = ["Idempotent-Replayed", "Retry-After"]
CORS_PREFLIGHT_MAX_AGE = 86400

# --- The shop ---------------------------------------------------------------------------------------------

CURRENCY = config.optional(
    "CURRENCY", config.matching(r"[A-Z]{3}", "write the three letters of ISO 4217, such as RUB"), "RUB"
)
# Limits on a customer's unconfirmed orders; 0: no limit. Without a rate limit of orders, as in a load test, there is no
# limit by default.
_open = (5, 999, 1_000_000 if CURRENCY == "RUB" else 0) if _orders_rate else (0, 0, 0)
OPEN_ORDERS_PER_CUSTOMER = config.optional("OPEN_ORDERS_PER_CUSTOMER", config.integer(0, 10**6), _open[0])
OPEN_PIECES_PER_CUSTOMER = config.optional("OPEN_PIECES_PER_CUSTOMER", config.integer(0, 10**9), _open[1])
OPEN_TOTAL_PER_CUSTOMER = config.optional("OPEN_TOTAL_PER_CUSTOMER", config.integer(0, 10**9), _open[2])
# Functions that change the total of an order, in this order (orders.placing.pricing.Adjustment). Delivery comes after
# the discounts: it may be free from a sum on, which is the sum after them.
ORDER_ADJUSTMENTS = [
    "promotions.pricing.discount",
    "delivery.pricing.deliver",
    "payments.methods.choose",
]
# Functions that get each cancelled order, in the transaction that cancels it.
ORDER_CANCELLED = ["promotions.redemptions.release"]
# Functions that return the messages about an event of an order (orders/events.py).
ORDER_SUBSCRIBERS = ["notifications.audiences.managers"]
# Fields of other apps on an order's admin page: functions of the order.
ORDER_ADMIN_FIELDS = ["notifications.admin.told"]
CHANNELS = {
    "telegram": "notifications.channels.telegram.Telegram",
    "email": "notifications.channels.email.Email",
}
LANGUAGE_CODE = config.optional("LANGUAGE_CODE", config.matching("ru|en", "write ru or en"), "ru")
# A text search configuration of PostgreSQL; `manage.py migrate` carries out a change (catalog.search.language).
SEARCH_LANGUAGE = config.optional(
    "SEARCH_LANGUAGE", config.matching("[a-z_]{1,63}", "write a language such as russian, german or english"), "russian"
)
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Of the admin; the database and the API use UTC.
TIME_ZONE = config.optional("TIME_ZONE", config.time_zone, "Europe/Moscow")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "shop" / "static"]
MEDIA_URL = config.optional("MEDIA_URL", config.media_url, "media/")
MEDIA_ROOT = BASE_DIR / "media"
WHITENOISE_USE_FINDERS = DEBUG  # a fresh clone needs no collectstatic
STORAGES = {
    "default": media.storage(MEDIA_URL),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "shop.http.static_files.HashedFiles"
    },
}
UNFOLD = {
    "SITE_TITLE": "merchant.current.shop_name",
    "SITE_HEADER": "merchant.current.shop_name",
    "SITE_SYMBOL": "storefront",
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {"show_search": False, "navigation": "shop.admin.navigation.sidebar"},
}

# --- Security ---------------------------------------------------------------------------------------------

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.sign_in.PasswordBackend"]
# Wrong passwords; see accounts.sign_in.
AXES_HANDLER = "accounts.sign_in.SignInFailures"
AXES_FAILURE_LIMIT = 5  # per name and address
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "shop.http.client_address.client_address"
AXES_USERNAME_CALLABLE = "accounts.sign_in.name_digest"
AXES_LOCKOUT_CALLABLE = "accounts.sign_in.refusal"
# Neither names nor times of sign-ins are stored, and axes' own admin pages are off.
AXES_SENSITIVE_PARAMETERS = ["username"]
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
if not DEBUG:
    SECURE_SSL_REDIRECT = PUBLIC_URL.startswith("https:")
    SECURE_REDIRECT_EXEMPT = [r"^health"]  # load balancers and monitors send plain HTTP, inside the network
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # The proxy of docs/deployment.md overwrites this header.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# HSTS for subdomains and for browsers' preload lists is the merchant's decision.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # the product list is edited in place

# --- Logs and errors --------------------------------------------------------------------------------------

LOGGING = logs.logging_config(
    log_format=config.optional("LOG_FORMAT", config.matching("text|json", "write text or json"), "text")
)
SENTRY_DSN = config.optional("SENTRY_DSN", config.http_url, "")
if SENTRY_DSN:
    logs.start_sentry(SENTRY_DSN)
