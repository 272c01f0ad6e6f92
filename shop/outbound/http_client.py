"""HTTP client with a timeout for the whole call and a size limit for the response.

`http.client`, and `requests` on top of it, only limit the time between two bytes, also in the status line and headers.
Here the deadline applies to each read of the socket. No redirects, no compression, no cookies, and no proxies of the
environment.
"""

import functools
import io
import json
import select
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import certifi

from shop.outbound.timed_reader import TimedReader

MAX_ANSWER = 1024**2  # bytes


class AnswerTooLong(HTTPException):
    """The response has more than MAX_ANSWER bytes."""


class TimedResponse(HTTPResponse):
    """HTTP response with a deadline for all reads."""

    def __init__(self, sock: socket.socket, *arguments: Any, until: float, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        self.fp = io.BufferedReader(TimedReader(sock, until))


class HTTPClient:
    """HTTP client with a persistent connection to one server; for one thread at a time.

    :param connect_timeout: seconds for each address of the server, and for the TLS handshake.
    :param timeout: seconds for a whole call. The DNS lookup has the system's timeout.
    """

    def __init__(self, base_url: str, *, connect_timeout: float, timeout: float) -> None:
        parts = urlsplit(base_url)
        self._prefix = parts.path
        self._connect_timeout, self._timeout = connect_timeout, timeout
        host = parts.hostname or ""
        self._connection = (
            HTTPSConnection(host, parts.port, context=_tls())
            if parts.scheme == "https"
            else HTTPConnection(host, parts.port)
        )

    def close(self) -> None:
        """Close the connection; the next call opens a new one."""
        self._connection.close()

    def post_json(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        """Post a JSON object; return the status and the body of the response.

        :raises OSError: (or TimeoutError) if the server cannot be reached or does not respond in time.
        :raises HTTPException: if the response is not HTTP, or too long.
        """
        until = monotonic() + self._timeout
        try:
            self._connect(until)
            self._connection.response_class = functools.partial(TimedResponse, until=until)  # type: ignore[assignment]
            self._connection.request(
                "POST", self._prefix + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
            )
            response = self._connection.getresponse()
            content = response.read(MAX_ANSWER + 1)
            if len(content) > MAX_ANSWER:
                raise AnswerTooLong
        except BaseException:
            # The rest of this response must not be read as the response to the next call.
            self.close()
            raise
        return response.status, content

    def _connect(self, until: float) -> None:
        connection = self._connection
        if connection.sock is not None and _has_input(connection.sock):
            connection.close()  # the server has closed it, or has sent unexpected data
        if connection.sock is None:
            connection.timeout = min(self._connect_timeout, self._timeout)
            connection.connect()
        connection.sock.settimeout(max(until - monotonic(), 0.001))  # of the whole send


def _has_input(connection: socket.socket) -> bool:
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


@functools.cache  # reading all certificates takes milliseconds
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
