"""Socket reader with one deadline for all reads.

A socket's own timeout restarts with each byte: a server that sends a byte every nine seconds would block a thread with
a timeout of ten seconds for ever.
"""

import io
import socket
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class TimedReader(io.RawIOBase):
    """Raw reader of a socket until a time of `time.monotonic()`; later reads raise TimeoutError.

    TLS included: a read or a handshake of Python's `ssl` takes no longer than the socket's timeout in total.
    """

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._socket = connection
        # The socket counts its files, and stays open until the last one is closed.
        self._file = connection.makefile("rb", buffering=0)
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        # Zero would mean non-blocking.
        self._socket.settimeout(max(self._until - monotonic(), 0.001))
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()
