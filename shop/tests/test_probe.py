"""The health check of containers."""

from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shop.runtime import probe
from testing.threads import serving


class Health(BaseHTTPRequestHandler):
    """Answers as the shop does: to a host that it knows."""

    def do_GET(self) -> None:
        known = (self.path, self.headers["Host"]) == ("/health", "shop.example.org")
        self.send_response(200 if known else 400)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        ("shop.example.org,www.example.org", "shop.example.org"),
        (" shop.example.org , www.example.org", "shop.example.org"),
        (".example.org", "example.org"),
        ("*", "localhost"),
        ("", "localhost"),
    ],
)
def test_host_is_one_of_allowed_hosts(allowed: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", allowed)
    assert probe.host() == host


def test_responding_server_is_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(HTTPServer(("127.0.0.1", 0), Health)) as server:
        monkeypatch.setenv("PORT", str(server.server_port))
        monkeypatch.setenv("ALLOWED_HOSTS", "shop.example.org")
        probe.main()
        monkeypatch.setenv("ALLOWED_HOSTS", "another.example.org")
        with pytest.raises(SystemExit, match=r"^The web server does not answer: HTTP Error 400"):
            probe.main()


def test_missing_server_is_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        port = server.server_port
    monkeypatch.setenv("PORT", str(port))
    with pytest.raises(SystemExit, match=r"^The web server does not answer: .*refused"):
        probe.main()
