"""Limit on the processing time of one client address in a web process (middleware).

A rate limit counts requests, whose costs differ a hundredfold: 300 searches for words that every product has occupied
both processors. Cached responses are not counted.
"""

import math
import threading
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shop.api.problems import problem_response
from shop.http.client_address import client_address
from shop.http.middleware import asks_the_api

# Customers have their own rate limits, and many may share an address; monitors must always get a response.
EXEMPT = ("/api/v1/orders", "/api/v1/users", "/health")
# Seconds counted for one request. A longer one has waited for a lock or an unavailable database: its address is then
# refused for 20 seconds, not for minutes.
MAX_CHARGE = 10.0
BURST = 5.0  # seconds of work, the size of the bucket
MAX_ADDRESSES = 50_000  # some 10 MB
PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}  # seconds

Middleware = Callable[[HttpRequest], HttpResponse]


class WorkBudget:
    """Seconds of work by address: a bucket of BURST seconds, refilled at a steady rate (token bucket).

    :param rate: such as `15/min`: 15 seconds of work a minute.
    """

    def __init__(self, rate: str, max_addresses: int = MAX_ADDRESSES) -> None:
        seconds, period = rate.split("/")
        self._rate = int(seconds) / PERIODS[period[0]]
        self._max_addresses = max_addresses
        self._lock = threading.Lock()
        self._full_at: dict[str, float] = {}  # time when the bucket is full again; absent: it is full

    def wait(self, address: str) -> float:
        """Return the seconds until the next allowed request; 0: now."""
        return max(0.0, self._full_at.get(address, 0.0) - monotonic() - BURST / self._rate)

    def spend(self, address: str, seconds: float) -> None:
        """Subtract the time of a request."""
        now = monotonic()
        with self._lock:
            full_at = max(self._full_at.pop(address, 0.0), now)
            if len(self._full_at) >= self._max_addresses:
                owing = sorted((at, other) for other, at in self._full_at.items() if at > now)
                # Keeps those that owe most. Drops a quarter at once: otherwise each request of a flood would sort.
                self._full_at = {other: at for at, other in owing[-self._max_addresses * 3 // 4 :]}
            self._full_at[address] = full_at + seconds / self._rate


def limit_work(get_response: Middleware) -> Middleware:
    """Refuse requests of an address that has used its time: 429 with Retry-After."""
    if not settings.THROTTLE_WORK:
        return get_response
    budget = WorkBudget(settings.THROTTLE_WORK)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(EXEMPT):
            return get_response(request)
        address = client_address(request)
        wait = budget.wait(address)
        if wait and not _is_staff(request):
            return _refusal(request, math.ceil(wait))
        started = monotonic()
        try:
            return get_response(request)
        finally:
            if not _is_staff(request):
                budget.spend(address, min(monotonic() - started, MAX_CHARGE))

    return middleware


def _is_staff(request: HttpRequest) -> bool:
    # Without a session cookie the user is not read: reading it adds `Vary: Cookie` to pages.
    if asks_the_api(request) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return request.user.is_active and request.user.is_staff


def _refusal(request: HttpRequest, seconds: int) -> HttpResponse:
    # Plain text, no template: it must be cheap.
    detail = _("Your requests have taken too much of the shop's time. Try again in %(seconds)s s.") % {
        "seconds": seconds
    }
    response = (
        problem_response(HTTPStatus.TOO_MANY_REQUESTS, "throttled", detail)
        if asks_the_api(request)
        else HttpResponse(detail, status=HTTPStatus.TOO_MANY_REQUESTS, content_type="text/plain; charset=utf-8")
    )
    response["Retry-After"] = str(seconds)
    return response
