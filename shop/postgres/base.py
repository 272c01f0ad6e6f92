"""Django's PostgreSQL, with session settings and a cheaper look at a connection that was kept."""

import select

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.pq import TransactionStatus

from shop.postgres.checks import DatabaseValidation

SET = "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS session (name, value)"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is kept from request to request, and looked at before each (CONN_HEALTH_CHECKS)."""

    validation_class = DatabaseValidation

    def init_connection_state(self) -> None:
        """Set what DATABASES has under SESSION: timeouts.

        One round trip for each connection; PgBouncer refuses them as `options` of the connection.
        """
        super().init_connection_state()
        if session := self.settings_dict["SESSION"]:
            with self.wrap_database_errors:
                self.connection.execute(SET, [[*session], [*session.values()]])

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
