"""Django's PostgreSQL backend with session settings and a cheaper health check of persistent connections."""

import select

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.pq import TransactionStatus

from shop.postgres.checks import DatabaseValidation

SET = "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS session (name, value)"


class DatabaseWrapper(base.DatabaseWrapper):
    """Persistent connection with a health check before each request (CONN_HEALTH_CHECKS)."""

    validation_class = DatabaseValidation

    def init_connection_state(self) -> None:
        """Set the session settings of DATABASES (SESSION): timeouts.

        One round trip per connection; PgBouncer refuses them as `options` of the connection.
        """
        super().init_connection_state()
        if session := self.settings_dict["SESSION"]:
            with self.wrap_database_errors:
                self.connection.execute(SET, [[*session], [*session.values()]])

    def is_usable(self) -> bool:
        """Return whether the connection is open, without a query, which Django sends for each request.

        An idle connection has incoming data only if the server has closed it.
        """
        if self.connection is None or self.connection.info.transaction_status == TransactionStatus.INERROR:
            return False
        try:
            poll = select.poll()
            poll.register(self.connection.fileno(), select.POLLIN)
        except OperationalError:  # closed on our side
            return False
        return not poll.poll(0)
