"""Fake Bot API on the loopback interface, with scripted responses and a record of calls."""

import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

DEADLINE = 30.0  # seconds to wait for an event before a test fails


@dataclass(frozen=True)
class Call:
    """A received request."""

    path: str
    body: dict[str, Any]
    client: tuple[str, int]

    @property
    def method(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def chat_id(self) -> str:
        return str(self.body["chat_id"])

    @property
    def target(self) -> str:
        """Key of scripted responses: a chat, or a method without one."""
        return str(self.body.get("chat_id", self.method))

    @property
    def text(self) -> str:
        return str(self.body["text"])


@dataclass
class Answer:
    """Scripted response; with `gate` it is sent once that is set, with `hang_up` the connection is closed instead.

    `raw` are the bytes of an answer that need not be HTTP; `endless` is repeated after them until the client leaves, a
    byte at a time if it is to `drip`.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    endless: bytes = b""
    drip: bool = False
    gate: threading.Event | None = None
    hang_up: bool = False


def refusal(status: int, description: str, **parameters: int) -> Answer:
    """Return an error in the Bot API's format."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Answer(status, json.dumps(body).encode())


class BotAPIServer(ThreadingHTTPServer):
    """Server that returns the scripted response of the chat, or else success with the next message_id."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.calls: list[Call] = []
        self.answers: dict[str, deque[Answer]] = defaultdict(deque)
        self.always: dict[str, Answer] = {}
        self.message_ids = count(1)
        self.changed = threading.Condition()
        # Called after the response is sent, while the connection is open.
        self.after_answer: Callable[[Call], None] | None = None
        # Set when a client has closed the connection during an endless response.
        self.abandoned = threading.Event()
        # Set when the server has closed a connection.
        self.hung_up = threading.Event()

    def script(self, chat_id: str, *answers: Answer) -> None:
        """Set the next responses to a chat, or to a method without one; later calls succeed."""
        self.answers[chat_id].extend(answers)

    def texts(self, chat_id: str) -> list[str]:
        """List the texts sent to a chat, in the order of arrival."""
        return [call.text for call in self.calls if call.target == chat_id]

    def wait_for_calls(self, number: int) -> list[Call]:
        """Wait for a number of calls, and return them."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.calls) >= number, DEADLINE), self.calls
            return list(self.calls)

    def answer_to(self, call: Call) -> Answer:
        """Record a call and return its response."""
        with self.changed:
            self.calls.append(call)
            self.changed.notify_all()
            if self.answers[call.target]:
                return self.answers[call.target].popleft()
            if call.target in self.always:
                return self.always[call.target]
            result = {"message_id": next(self.message_ids), "chat": {"id": call.target}}
            return Answer(body=json.dumps({"ok": True, "result": result}).encode())

    def shutdown_request(self, request: Any) -> None:
        """Close a connection and set its event."""
        super().shutdown_request(request)
        self.hung_up.set()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore errors of clients that were killed during the response."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: BotAPIServer

    def do_POST(self) -> None:
        """Handle a call."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        call = Call(self.path, body, self.client_address)
        answer = self.server.answer_to(call)
        if answer.gate is not None:
            answer.gate.wait(DEADLINE)
        if answer.hang_up:
            self.close_connection = True
            return
        if answer.raw or answer.endless:
            self.close_connection = True
            self.wfile.write(answer.raw)
            if answer.endless:
                self._repeat(answer)
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.server.after_answer is not None:
            self.server.after_answer(call)
        self.wfile.write(answer.body)

    def _repeat(self, answer: Answer) -> None:
        end, pieces = time.monotonic() + DEADLINE, [answer.endless]
        if answer.drip:
            pieces = [bytes([byte]) for byte in answer.endless]
        while time.monotonic() < end:
            for piece in pieces:
                try:
                    self.wfile.write(piece)
                except OSError:
                    self.server.abandoned.set()
                    return
                if answer.drip:
                    time.sleep(0.01)  # in the server: shorter than any timeout between two bytes

    def log_message(self, *_arguments: Any) -> None:
        """Disable the request log."""


def wait_until(condition: Callable[[], Any], deadline: float = DEADLINE) -> Any:
    """Poll a condition, and return its first true value."""
    moment = threading.Event()
    end = time.monotonic() + deadline
    while not (answer := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        moment.wait(0.02)
    return answer
