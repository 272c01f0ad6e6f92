"""A Bot API on the loopback interface, with scripted answers and a record of what it was told."""

import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

DEADLINE = 30.0  # seconds that anything may take before it counts as lost


@dataclass(frozen=True)
class Call:
    """One request, as it came."""

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
        """What an answer is scripted for: a chat, or a method that is about none."""
        return str(self.body.get("chat_id", self.method))

    @property
    def text(self) -> str:
        return str(self.body["text"])


@dataclass
class Answer:
    """What is sent back; with `gate` only after that is set, with `hang_up` the connection ends without a word.

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
    """Make an error in the Bot API's own form."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Answer(status, json.dumps(body).encode())


class BotAPIServer(ThreadingHTTPServer):
    """Answers each call with what was scripted for its chat, and else with success and the next message_id."""

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
        # Called with the answer on the wire and the connection still open.
        self.after_answer: Callable[[Call], None] | None = None
        # Set when a client has left before the end of an endless answer.
        self.abandoned = threading.Event()
        # Set when the server has ended a connection.
        self.hung_up = threading.Event()

    def script(self, chat_id: str, *answers: Answer) -> None:
        """Answer the next calls to a chat, or of a method without one, so; after that with success."""
        self.answers[chat_id].extend(answers)

    def texts(self, chat_id: str) -> list[str]:
        """List what a chat was sent, in the order of arrival."""
        return [call.text for call in self.calls if call.target == chat_id]

    def wait_for_calls(self, number: int) -> list[Call]:
        """Return the calls as soon as there are so many."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.calls) >= number, DEADLINE), self.calls
            return list(self.calls)

    def answer_to(self, call: Call) -> Answer:
        """Note a call and take the answer for it."""
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
        """End a connection, and say so."""
        super().shutdown_request(request)
        self.hung_up.set()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that were killed while we answered."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: BotAPIServer

    def do_POST(self) -> None:
        """Take a call."""
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
                    time.sleep(0.01)  # of the server: quicker than any time-out between two bytes

    def log_message(self, *_arguments: Any) -> None:
        """Print nothing."""


def wait_until(condition: Callable[[], Any], deadline: float = DEADLINE) -> Any:
    """Ask again and again, and return the first answer that is true."""
    moment = threading.Event()
    end = time.monotonic() + deadline
    while not (answer := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        moment.wait(0.02)
    return answer
