"""Django's PostgreSQL, with a cheaper answer to the question whether a kept connection still lives."""

import select

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is kept from request to request, and looked at before each (CONN_HEALTH_CHECKS)."""

    def is_usable(self) -> bool:
        """Tell whether the server still holds the connection, without asking it, as Django does with each request.

        A server that ends a connection says so on it, and an idle connection has nothing else to say.
        """
        if self.connection is None or self.connection.info.transaction_status == TransactionStatus.INERROR:
            return False
        try:
            poll = select.poll()
            poll.register(self.connection.fileno(), select.POLLIN)
        except OperationalError:  # closed on our side
            return False
        return not poll.poll(0)
