"""Connections that outlive a request: one for each thread, looked at before it is used again."""

import select
from typing import Any

from django.core.signals import request_started
from django.db import connections
from django.dispatch import receiver
from psycopg import Connection, OperationalError


@receiver(request_started, dispatch_uid="shop.close_dead_connections")
def close_dead_connections(**_kwargs: Any) -> None:
    """Close connections whose server has gone, so that the request opens new ones.

    Django's own check, CONN_HEALTH_CHECKS, asks the server with each request. A server that ends a connection
    says so on it, and an idle connection has nothing else to say: looking at the socket costs no round trip.
    """
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None and not connection.in_atomic_block and _has_ended(connection.connection):
            connection.close()


def _has_ended(connection: "Connection[Any]") -> bool:
    try:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
    except OperationalError:  # closed on our side
        return True
    return bool(poll.poll(0))
