"""E-mail against mail servers on the loopback interface: one that works, and slow ones."""

import smtplib
import socketserver
import subprocess
import sys
import threading

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from shop.outbound import mail
from testing.bot_api import DEADLINE
from testing.threads import serving
from testing.web import REPOSITORY

REPLIES = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class MailServer(socketserver.ThreadingTCPServer):
    """Takes e-mails, or drips one of its replies until the client leaves."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, dripping: bytes = b"") -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.dripping = dripping
        self.messages: list[bytes] = []
        self.abandoned = threading.Event()


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: MailServer

    def handle(self) -> None:
        """Greet, and answer each command."""
        if not self._reply(b"220 ready\r\n", to=b"greeting"):
            return
        for line in self.rfile:
            command = line.split(maxsplit=1)[0].upper()
            if not self._reply(REPLIES.get(command, b"250 fine\r\n"), to=command):
                return
            if command == b"DATA":
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.messages.append(b"".join(lines))
                if not self._reply(b"250 taken\r\n", to=b"message"):
                    return

    def _reply(self, reply: bytes, to: bytes) -> bool:
        if to != self.server.dripping:
            self.wfile.write(reply)
            return True
        moment = threading.Event()
        for number in range(int(DEADLINE / 0.01)):
            try:
                self.wfile.write(b"220-x\r\n"[number % 7 : number % 7 + 1])
            except OSError:
                self.server.abandoned.set()
                break
            moment.wait(0.01)  # quicker than any time-out between two bytes
        return False


def send_to(server: MailServer, settings: Settings) -> None:
    """Have the shop send an e-mail to that server."""
    settings.EMAIL_BACKEND = "shop.outbound.mail.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
    settings.EMAIL_TIMEOUT = DEADLINE
    EmailMessage("New order №1", "Hello", to=["owner@example.org"]).send()


def test_email_is_delivered(settings: Settings) -> None:
    with serving(MailServer()) as server:
        send_to(server, settings)
        (message,) = server.messages
    assert b"To: owner@example.org" in message
    assert message.endswith(b"Hello\r\n")


@pytest.mark.parametrize("part", [b"greeting", b"EHLO", b"MAIL", b"RCPT", b"DATA", b"message"])
def test_slow_mail_server_is_abandoned_after_the_deadline(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, part: bytes
) -> None:
    monkeypatch.setattr(mail, "SESSION_TIMEOUT", 0.5)
    with serving(MailServer(dripping=part)) as server:
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send_to(server, settings)
        assert server.abandoned.wait(DEADLINE)


@pytest.mark.parametrize("scheme", ["smtp", "smtps", "smtp+tls", "smtp+ssl"])
def test_configured_mail_backend_has_the_deadline(subprocess_env: dict[str, str], scheme: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from shop import settings; print(settings.EMAIL_BACKEND)"],
        cwd=REPOSITORY,
        env=subprocess_env | {"EMAIL_URL": f"{scheme}://user:password@127.0.0.1:587"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "shop.outbound.mail.EmailBackend"
