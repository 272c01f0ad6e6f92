"""Cache key of a public GET request: the normalized inputs of the response.

Headers that no view reads are neither in the key nor in the request that the application gets, nor are the parameters
that the page does not read: links into the shop have any. So attackers can neither fill the cache with them, nor inject
them into a cached response (cache poisoning). A request to the API with an unknown parameter has no key: it is refused.
"""

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host

from shop.http import language
from shop.http.public_paths import public_paths

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

NOTHING: frozenset[str] = frozenset()
PRESENT = "view"  # replaces the query where only the presence of parameters matters
MAX_QUERY = 500  # characters; room for 80 Cyrillic letters, percent-encoded

# Besides the key, the application gets the server's own variables and the client's address. The address changes no
# cached response: it is for the rate limit, which must count the client that caused the miss; a 429 is not cached.
PASSED = (
    "REMOTE_ADDR",
    "HTTP_X_FORWARDED_FOR",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "wsgi.version",
    "wsgi.errors",
    "wsgi.multithread",
    "wsgi.multiprocess",
    "wsgi.run_once",
)

# Path, query, Host, scheme, Origin, language. A plain tuple: creating a named one takes as long as the cache lookup.
Key = tuple[str, str, str | None, str, str | None, str | None]


class PublicRequests:
    """Detects cacheable requests and computes their keys.

    The settings are read once: each access to `django.conf.settings` takes a tenth of the time of a cached response.
    """

    def __init__(self) -> None:
        paths = list(public_paths())
        # By spelling. Tuples: reading four attributes would take a tenth of the time of a cached response.
        self._paths = {
            spelling: (path.path, path.parameters, path.by_language, path.by_presence, path.refuses_others)
            for path in paths
            for spelling in ((path.path, f"{path.path}/") if path.refuses_others else (path.path,))
        }
        self._items = tuple(f"{path.path}/" for path in paths if path.has_items)
        # An id with leading zeros is served, but not cached: there are too many spellings.
        self._other_spellings = tuple(f"{path}0" for path in self._items)
        self._proto_header, self._secure_proto = settings.SECURE_PROXY_SSL_HEADER or ("", "")
        self._redirects_http = settings.SECURE_SSL_REDIRECT
        self._origins = frozenset(settings.CORS_ALLOWED_ORIGINS)
        self._public_netloc = urlsplit(settings.PUBLIC_URL).netloc

    def key_of(self, environ: "WSGIEnvironment") -> Key | None:
        """Return the cache key of a request, None if its response is not public."""
        path = environ["PATH_INFO"]
        declared = self._paths.get(path)
        if declared is not None:
            path, parameters, by_language, by_presence, refuses_others = declared
        elif path.startswith(self._items) and not path.startswith(self._other_spellings):
            path, parameters, by_language, by_presence, refuses_others = (
                path.removesuffix("/"),
                NOTHING,
                False,
                False,
                True,
            )
        else:
            return None
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        scheme = environ["wsgi.url_scheme"]
        forwarded = environ.get(self._proto_header)
        if forwarded is not None:  # as Django's `request.scheme` reads it
            scheme = "https" if forwarded.partition(",")[0].strip() == self._secure_proto else "http"
        if self._redirects_http and scheme == "http":
            return None  # the redirect contains the whole URL
        query = environ.get("QUERY_STRING", "")
        if query:
            query = _query(query, parameters, refuses_others)
            if query is None:
                return None
            if query and by_presence:
                query = PRESENT
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and origin not in self._origins:
            origin = None
        return (path, query, environ.get("HTTP_HOST"), scheme, origin, _language(environ) if by_language else None)

    def may_be_kept(self, key: Key, environ: "WSGIEnvironment") -> bool:
        """Return whether the number of such keys is limited: the host is a name of the shop, the query short.

        Ports besides the server's own and that of PUBLIC_URL are arbitrary: Django accepts any number.
        """
        _, query, host, *_ = key
        if host is None or len(query) > MAX_QUERY:
            return False
        name, _ = split_domain_port(host)
        spellings = (name, f"{name}:{environ['SERVER_PORT']}", self._public_netloc)
        return host in spellings and validate_host(name, settings.ALLOWED_HOSTS)


def request_for(key: Key, environ: "WSGIEnvironment") -> "WSGIEnvironment":
    """Return the request for the application: a GET built from the key, with the language for an error."""
    path, query, host, scheme, origin, key_language = key
    request = {name: environ[name] for name in PASSED if name in environ}
    request |= {
        "REQUEST_METHOD": "GET",  # the response to a HEAD has the same headers
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "wsgi.url_scheme": scheme,
        "wsgi.input": BytesIO(),
    }
    # A catalog response is independent of the language, but an error (not cached) is not.
    accepted = key_language or _language(environ)
    headers = {"HTTP_HOST": host, "HTTP_ORIGIN": origin, "HTTP_ACCEPT_LANGUAGE": accepted}
    return request | {name: value for name, value in headers.items() if value is not None}


def _query(query: str, parameters: frozenset[str], refuses_others: bool) -> str | None:
    if len(query) <= MAX_QUERY:
        return _reduced(query, parameters, refuses_others)
    return query if parameters or refuses_others else ""


@lru_cache(maxsize=512)  # at most 1 MB
def _reduced(query: str, parameters: frozenset[str], refuses_others: bool) -> str | None:
    """Return the parameters that the view reads, sorted; of duplicates the last one, as in Django.

    :returns: None if the view refuses one of them.
    """
    sent = QueryDict(query.encode("latin-1"))  # PEP 3333: bytes, each as one character
    if refuses_others and not sent.keys() <= parameters:
        return None
    return urlencode(sorted((name, sent[name]) for name in parameters & sent.keys()))


def _language(environ: "WSGIEnvironment") -> str:
    return language.negotiate(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
