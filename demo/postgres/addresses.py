"""Where an embedded server is: the DATABASE_URL of the one that runs on a data folder."""

import socket
from pathlib import Path
from urllib.parse import urlencode

# Only a part of the socket's file name, but always written out, else PGPORT of the user's shell would count.
PORT = 5432


class PostgresError(RuntimeError):
    """The embedded server can't be used; the message is one line for the person at the terminal."""


class NotRunning(PostgresError):
    """No server runs on the data folder."""


def url_of_running(data: Path) -> str:
    """Return the DATABASE_URL of the server that is now running on the folder `data`.

    :raises NotRunning: if none is.
    """
    address = address_of(data.resolve())
    if address is None:
        message = f"no PostgreSQL runs on {data}: start it with `make run`, or set DATABASE_URL"
        raise NotRunning(message)
    return url_on(*address)


def default_url(data: Path) -> str:
    """Return the DATABASE_URL of a machine that has set none: of the server on the folder `data`, running or not."""
    try:
        return url_of_running(data)
    except NotRunning:
        # Commands that need no database must work; the others will say that no server is on this folder.
        return url_on(data, PORT)


def address_of(data: Path) -> tuple[Path, int] | None:
    """Return the socket folder and the port of the server that answers on `data`, None if there is none."""
    lines = pid_file(data)
    try:
        folder, port = Path(lines[4]), int(lines[3])
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(folder / f".s.PGSQL.{port}"))
    except (OSError, IndexError, ValueError):
        return None
    return folder, port


def pid_file(data: Path) -> list[str]:
    """Return the lines of PostgreSQL's pid file: number, data, start, port, socket folder, …, status."""
    try:
        lines = (data / "postmaster.pid").read_text(errors="surrogateescape").splitlines()
    except OSError:
        return [""]
    return [line.strip() for line in lines] or [""]


def url_on(sockets: Path, port: int, database: str = "botshop") -> str:
    """Return the URL in the one form that both libpq and django-environ understand for a socket."""
    return f"postgresql://postgres@:{port}/{database}?{urlencode({'host': str(sockets)})}"
