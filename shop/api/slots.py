"""Concurrency limit of expensive requests in a web process, per address and in total."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.views import APIView

from shop.http.client_address import client_address


class Slots:
    """Slots of one process. A request without a free slot is refused: waiting would occupy a thread."""

    def __init__(self, *, by_address: int, in_all: int) -> None:
        self._by_address, self._in_all = by_address, in_all
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken_by(self, address: str) -> Iterator[None]:
        """Hold a slot during the block.

        :raises Throttled: if the address uses all of its slots, or no slot is free.
        """
        with self._lock:
            if self._taken[address] >= self._by_address or self._taken.total() >= self._in_all:
                raise Throttled(wait=1)
            self._taken[address] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[address] -= 1
                self._taken += Counter()  # drops the zeros


# One thread is left for orders.
slots = Slots(by_address=2, in_all=settings.THREADS - 1)


class SlotLimited(APIView):
    """View with a concurrency limit on its expensive requests, if THROTTLE_WORK is on."""

    def needs_slot(self, request: Request) -> bool:
        """Return whether this is an expensive request."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Process a request and release its slot."""
        with ExitStack() as self._until_answered:
            return super().dispatch(request, *args, **kwargs)

    def check_throttles(self, request: Request) -> None:
        """Take a slot after the throttles have counted the request."""
        super().check_throttles(request)
        if settings.THROTTLE_WORK and self.needs_slot(request):
            self._until_answered.enter_context(slots.taken_by(client_address(request)))
