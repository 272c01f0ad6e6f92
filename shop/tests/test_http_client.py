"""HTTP client: timeout and size limit with servers that send without end."""

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop.outbound import http_client
from shop.outbound.http_client import MAX_ANSWER, AnswerTooLong, HTTPClient
from testing.bot_api import DEADLINE, Answer, BotAPIServer
from testing.threads import serving

# Self-signed, for localhost; the key is for tests only.
CERTIFICATE = Path(__file__).resolve().parents[2] / "testing" / "localhost.pem"
OK = b"HTTP/1.1 200 OK\r\n"
TLS_RECORD = b"\x16\x03\x03\x40\x00"  # the header of a handshake record of 16 KiB


@pytest.fixture
def server() -> Iterator[BotAPIServer]:
    with serving(BotAPIServer()) as server:
        yield server


@pytest.fixture
def client(server: BotAPIServer) -> Iterator[HTTPClient]:
    """Return a client with a short timeout."""
    client = HTTPClient(server.url, connect_timeout=0.5, timeout=0.5)
    yield client
    client.close()


DRIPPING = {
    "status line": Answer(raw=b"HTTP/1.1 2", endless=b"0", drip=True),
    "a long header": Answer(raw=OK + b"X: ", endless=b"x", drip=True),
    "headers": Answer(raw=OK, endless=b"X: x\r\n", drip=True),
    "100 Continue": Answer(endless=b"HTTP/1.1 100 Continue\r\n\r\n", drip=True),
    "body of a length": Answer(raw=OK + b"Content-Length: 1000000\r\n\r\n", endless=b" ", drip=True),
    "body until the end": Answer(raw=OK + b"Connection: close\r\n\r\n", endless=b" ", drip=True),
    "chunks": Answer(raw=OK + b"Transfer-Encoding: chunked\r\n\r\n", endless=b"1\r\n \r\n", drip=True),
    "a chunk's length": Answer(raw=OK + b"Transfer-Encoding: chunked\r\n\r\n", endless=b"0", drip=True),
    "trailers": Answer(raw=OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", endless=b"X: x\r\n", drip=True),
}


@pytest.mark.parametrize("part", DRIPPING)
def test_slow_server_is_abandoned_after_the_timeout(server: BotAPIServer, client: HTTPClient, part: str) -> None:
    server.script("42", DRIPPING[part])
    with pytest.raises(TimeoutError):
        client.post_json("/", {"chat_id": "42"})
    assert server.abandoned.wait(DEADLINE)


FLOODS = {
    "body of a length": Answer(raw=OK + b"Content-Length: 99999999999\r\n\r\n", endless=b" " * 65536),
    "body until the end": Answer(raw=OK + b"\r\n", endless=b" " * 65536),
    "chunks": Answer(raw=OK + b"Transfer-Encoding: chunked\r\n\r\n", endless=b"10000\r\n" + b" " * 65536 + b"\r\n"),
}


@pytest.mark.parametrize("form", FLOODS)
def test_endless_body_is_abandoned_after_a_mebibyte(server: BotAPIServer, form: str) -> None:
    client = HTTPClient(server.url, connect_timeout=DEADLINE, timeout=DEADLINE)
    server.script("42", FLOODS[form])
    with pytest.raises(AnswerTooLong):
        client.post_json("/", {"chat_id": "42"})
    assert server.abandoned.wait(DEADLINE)


def test_longest_response_is_accepted(server: BotAPIServer, client: HTTPClient) -> None:
    server.script("42", Answer(body=b" " * MAX_ANSWER), Answer(body=b" " * (MAX_ANSWER + 1)))
    assert client.post_json("/", {"chat_id": "42"}) == (200, b" " * MAX_ANSWER)
    with pytest.raises(AnswerTooLong):
        client.post_json("/", {"chat_id": "42"})


def test_compressed_body_is_not_unpacked(server: BotAPIServer, client: HTTPClient) -> None:
    bomb = gzip.compress(bytes(100 * MAX_ANSWER))
    assert len(bomb) < MAX_ANSWER
    server.script("42", Answer(body=bomb, headers={"Content-Encoding": "gzip"}))
    assert client.post_json("/", {"chat_id": "42"}) == (200, bomb)


def test_next_call_after_a_timeout_opens_a_new_connection(server: BotAPIServer, client: HTTPClient) -> None:
    server.script("42", DRIPPING["headers"], Answer(body=b"[]"))
    with pytest.raises(TimeoutError):
        client.post_json("/", {"chat_id": "42"})
    assert client.post_json("/", {"chat_id": "42"}) == (200, b"[]")


def test_closed_persistent_connection_is_reopened(server: BotAPIServer, client: HTTPClient) -> None:
    server.script("42", Answer(raw=OK + b"Content-Length: 2\r\n\r\n[]"))  # then it closes the connection
    assert client.post_json("/", {"chat_id": "42"}) == (200, b"[]")
    assert server.hung_up.wait(DEADLINE)
    client.post_json("/", {"chat_id": "42"})
    assert [call.chat_id for call in server.calls] == ["42", "42"]


def encrypted(server: BotAPIServer) -> BotAPIServer:
    """Have a server speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.url = server.url.replace("http:", "https:")
    return server


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Trust the certificate of the tests."""
    http_client._tls.cache_clear()
    monkeypatch.setattr("certifi.where", lambda: str(CERTIFICATE))
    yield
    http_client._tls.cache_clear()


@pytest.mark.usefixtures("trusted")
def test_calls_go_over_tls() -> None:
    with serving(encrypted(BotAPIServer())) as server:
        client = HTTPClient(server.url, connect_timeout=DEADLINE, timeout=DEADLINE)
        bodies = [json.loads(client.post_json("/", {"chat_id": "42"})[1]) for _ in range(3)]
        client.close()
        assert [body["result"]["message_id"] for body in bodies] == [1, 2, 3]
        assert len({call.client for call in server.calls}) == 1


@pytest.mark.usefixtures("trusted")
def test_deadline_applies_over_tls() -> None:
    with serving(encrypted(BotAPIServer())) as server:
        server.script("42", DRIPPING["headers"])
        client = HTTPClient(server.url, connect_timeout=DEADLINE, timeout=0.5)
        with pytest.raises(TimeoutError):
            client.post_json("/", {"chat_id": "42"})
        assert server.abandoned.wait(DEADLINE)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_untrusted_certificate_is_refused(host: str) -> None:
    with serving(encrypted(BotAPIServer())) as server:
        client = HTTPClient(f"https://{host}:{server.server_port}", connect_timeout=DEADLINE, timeout=DEADLINE)
        with pytest.raises(ssl.SSLCertVerificationError):
            client.post_json("/", {"chat_id": "42"})
        assert server.calls == []


def drip_a_handshake(connection: socket.socket, left: threading.Event) -> None:
    """Send a TLS record a byte at a time, until the other side leaves."""
    with connection:
        connection.settimeout(0.01)
        connection.sendall(TLS_RECORD)
        moment = threading.Event()
        for _ in range(16_384):
            moment.wait(0.01)
            try:
                connection.sendall(b"\x02")
            except OSError:
                left.set()
                return


def test_slow_tls_handshake_is_abandoned_after_the_timeout() -> None:
    left = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            drip_a_handshake(listener.accept()[0], left)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        client = HTTPClient(f"https://127.0.0.1:{listener.getsockname()[1]}", connect_timeout=0.5, timeout=5)
        with pytest.raises(TimeoutError):
            client.post_json("/", {})
        assert left.wait(DEADLINE)
        thread.join(DEADLINE)
