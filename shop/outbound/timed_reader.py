"""Reading from a socket with one deadline for all of it.

A socket's own time-out starts anew with each byte: a server that sends a byte every nine seconds would hold a thread
with a time-out of ten for ever.
"""

import io
import socket
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class TimedReader(io.RawIOBase):
    """The incoming bytes of a socket until a moment of `time.monotonic()`; later reads raise TimeoutError.

    TLS included: a read or a handshake of Python's `ssl` takes no longer than the socket's time-out in all.
    """

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._socket = connection
        # The socket counts its files, and stays open until the last of them is closed.
        self._file = connection.makefile("rb", buffering=0)
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        # Zero would mean not to block at all.
        self._socket.settimeout(max(self._until - monotonic(), 0.001))
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()
