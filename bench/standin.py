"""Fake Bot API that accepts and counts all messages."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ANSWER = b'{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"}}}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)


class BotAPI:
    """Port of the fake Bot API, and the number of messages."""

    url = ""
    messages = 0

    async def serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        """Serve on a free loopback port until `stop` is set."""
        async with await asyncio.start_server(self._answer, "127.0.0.1", 0) as server:
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            ready.set()
            await stop.wait()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: *(\d+)", head.lower())
                await reader.readexactly(int(length[1]) if length else 0)
                self.messages += b"/sendMessage" in head.split(b"\r\n", 1)[0]
                writer.write(HEAD + ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@contextmanager
def bot_api() -> Iterator[BotAPI]:
    """Run the fake Bot API in a thread during the block."""
    api, ready, stop, loop = BotAPI(), threading.Event(), asyncio.Event(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(api.serve(ready, stop),), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield api
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
