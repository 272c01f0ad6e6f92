"""Request counters in the process and in Redis."""

import time
from collections.abc import Iterator
from threading import Thread

import pytest
from fakeredis import TcpFakeServer
from redis import Redis

from shop.api.windows import ProcessWindows, RedisWindows, Windows
from testing.web import free_port


@pytest.fixture
def redis_url() -> Iterator[str]:
    """Run a server that speaks Redis' protocol."""
    port = free_port()
    server = TcpFakeServer(("127.0.0.1", port), server_type="redis")
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"redis://127.0.0.1:{port}/0"
    server.shutdown()
    server.server_close()
    serving.join()


def numbers(windows: Windows, key: str, times: int) -> list[int]:
    return [windows.count(key, 60)[0] for _ in range(times)]


def test_keys_are_counted_separately_until_their_windows_end(monkeypatch: pytest.MonkeyPatch) -> None:
    windows, now = ProcessWindows(), time.monotonic()
    monkeypatch.setattr("shop.api.windows.monotonic", lambda: now)
    assert numbers(windows, "a", 2) == [1, 2]
    monkeypatch.setattr("shop.api.windows.monotonic", lambda: now + 59)
    assert numbers(windows, "b", 2) == [1, 2]
    assert windows.count("a", 60) == (3, 1.0)
    monkeypatch.setattr("shop.api.windows.monotonic", lambda: now + 60)
    assert windows.count("a", 60) == (1, 60.0)
    assert numbers(windows, "b", 1) == [3]


def test_memory_is_limited_and_the_oldest_windows_are_dropped() -> None:
    windows = ProcessWindows(max_keys=100)
    for number in range(1000):
        windows.count(f"address {number}", 60)
    assert len(windows._windows) <= 100
    assert windows.count("address 999", 60)[0] == 2
    assert windows.count("address 0", 60)[0] == 1


def test_redis_counts_for_all_processes(redis_url: str) -> None:
    one, other = RedisWindows(redis_url), RedisWindows(redis_url)
    assert numbers(one, "a", 2) == [1, 2]
    number, left = other.count("a", 60)
    assert (number, 0 < left <= 60) == (3, True)
    assert numbers(other, "b", 1) == [1]


@pytest.mark.parametrize("expiry", [86400, None])
def test_window_in_redis_without_valid_expiry_is_corrected(redis_url: str, expiry: int | None) -> None:
    """So it is after the clock of the Redis server was set back by a day."""
    server = Redis.from_url(redis_url)
    server.set("botshop:a", 300, ex=expiry)
    assert RedisWindows(redis_url).count("a", 60) == (301, 60.0)
    assert 0 < server.pttl("botshop:a") <= 60_000
    server.close()


def test_unavailable_redis_is_not_called_for_some_seconds(
    redis_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = time.monotonic()
    monkeypatch.setattr("shop.api.windows.monotonic", lambda: now)
    windows = RedisWindows("redis://127.0.0.1:9/0")
    assert numbers(windows, "a", 3) == [1, 2, 3]
    assert len(caplog.records) == 1
    windows._redis = Redis.from_url(redis_url)
    monkeypatch.setattr("shop.api.windows.monotonic", lambda: now + 6)
    assert numbers(windows, "a", 1) == [1]
    windows._redis.close()
