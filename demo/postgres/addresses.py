"""Addresses of embedded servers: the DATABASE_URL of the server on a data folder."""

import socket
from pathlib import Path
from urllib.parse import urlencode

# Only a part of the socket's file name, but always explicit: otherwise PGPORT of the user's shell would apply.
PORT = 5432


class PostgresError(RuntimeError):
    """The embedded server cannot be used; the message is one line for the terminal."""


class NotRunning(PostgresError):
    """No server runs on the data folder."""


def url_of_running(data: Path) -> str:
    """Return the DATABASE_URL of the running server on the folder `data`.

    :raises NotRunning: if none is.
    """
    address = address_of(data.resolve())
    if address is None:
        message = f"no PostgreSQL runs on {data}: start it with `make run`, or set DATABASE_URL"
        raise NotRunning(message)
    return url_on(*address)


def default_url(data: Path) -> str:
    """Return the default DATABASE_URL: that of the server on the folder `data`, running or not."""
    try:
        return url_of_running(data)
    except NotRunning:
        # Commands without a database must work; the others report that no server is running.
        return url_on(data, PORT)


def address_of(data: Path) -> tuple[Path, int] | None:
    """Return the socket folder and the port of the running server on `data`, None if there is none."""
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
    """Return the URL of a socket, in the only form that both libpq and django-environ can parse."""
    return f"postgresql://postgres@:{port}/{database}?{urlencode({'host': str(sockets)})}"
