"""Searches that found nothing: what is counted, for how long, and what staff see."""

from datetime import timedelta
from functools import partial
from threading import Timer
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import FailedSearch, Product
from catalog.search import failures
from catalog.search.failures import FailedSearches, normalized
from catalog.tasks import tidy
from conftest import JSONClient, Make
from testing.html_forms import OpenPage
from testing.threads import together

pytestmark = pytest.mark.django_db

PATH = "/api/v1/products"
ADMIN = "/admin/catalog/failedsearch/"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> FailedSearches:
    """Return the counter of the view, empty."""
    counter = FailedSearches()
    monkeypatch.setattr("catalog.listing.pages.failed_searches", counter)
    return counter


def counts() -> dict[str, int]:
    return dict(FailedSearch.objects.values_list("query", "count"))


def search(client: JSONClient, text: str, more: str = "") -> Any:
    return client.get(f"{PATH}?search={quote(text)}{more}")


def test_search_that_finds_nothing_is_counted(client: JSONClient, make_product: Make, counted: FailedSearches) -> None:
    make_product(name="Кружка", price="500")
    for text in ("Пылесос", "пылесос!", "кружка", "крушка", "ПЫЛЕСОС", "гигрометр"):
        search(client, text)
    search(client, "кружка", "&max_price=1")  # there are cups, but not at this price
    search(client, "кружка пылесос")  # the cups are shown
    client.get(f"{PATH}/suggest?q={quote('пылесос')}")
    with CaptureQueriesContext(connection) as queries:
        counted.write()
    assert counts() == {"пылесос": 3, "гигрометр": 1}
    assert len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]) == 3
    search(client, "пылесос")
    counted.write()
    assert counts() == {"пылесос": 4, "гигрометр": 1}


def test_request_writes_nothing(client: JSONClient, make_product: Make, counted: FailedSearches) -> None:
    make_product()
    with CaptureQueriesContext(connection) as queries:
        search(client, "пылесос")
    assert not [query for query in queries if not query["sql"].lstrip().startswith(("SELECT", "WITH"))]
    assert not FailedSearch.objects.exists()


def test_answer_without_results_is_in_no_cache(client: JSONClient, make_product: Make, counted: FailedSearches) -> None:
    """Else the next customers who search for it would not be counted."""
    make_product(name="Кружка")
    assert search(client, "пылесос")["Cache-Control"] == "no-store"
    assert "public" in search(client, "кружка")["Cache-Control"]


def test_beginning_of_a_search_is_left_out(counted: FailedSearches) -> None:
    for text in ("пыл", "пылес", "пылесос", "пылесос", "пылесос робот", "фен"):
        counted.add(text)
    counted.write()
    assert counts() == {"пылесос робот": 1, "фен": 1}


@pytest.mark.parametrize(
    "text",
    [
        *("+7 912 345-67-89", "8(912)3456789", "89123456789 иван", "１２３４５", "1 2 3 4 5", "заказ 12345"),
        *("anna@example.org", "@anna", "https://example.org/?token=x", "4111 1111 1111 1111"),
        *("!!!", "🙂", "", "а" * 61, "я хочу заказать подарок для мамы ирины петровны"),
    ],
)
def test_what_may_be_personal_is_not_counted(text: str) -> None:
    assert normalized(text) is None


@pytest.mark.parametrize(
    ("text", "query"), [("Ёлка 2026!", "елка 2026"), ("  iPhone  15 ", "iphone 15"), ("'; DROP--", "drop")]
)
def test_words_are_normalized(text: str, query: str) -> None:
    assert normalized(text) == query


def test_rows_are_limited(monkeypatch: pytest.MonkeyPatch, counted: FailedSearches) -> None:
    """A flood of senseless searches pushes out no frequent one."""
    monkeypatch.setattr(failures, "MOST_FREQUENT", 5)
    monkeypatch.setattr(failures, "LATEST", 3)
    for letter in "абвгд":
        for _ in range(3):
            counted.add(f"пылесос {letter}")
    counted.write()
    frequent = counts()
    for number in range(50):
        counted.add(f"флуд {number:02}")
        if number % 10 == 9:
            counted.write()
    assert {query: count for query, count in counts().items() if count == 3} == frequent
    assert FailedSearch.objects.count() == 8


def test_searches_in_memory_are_limited(monkeypatch: pytest.MonkeyPatch, counted: FailedSearches) -> None:
    monkeypatch.setattr(failures, "MAX_WAITING", 10)
    for number in range(100):
        counted.add(f"флуд {number:02}")
    counted.add("флуд 00")
    counted.write()
    assert len(counts()) == 10
    assert counts()["флуд 00"] == 2


def test_worker_deletes_searches_that_were_not_made_for_90_days() -> None:
    long_ago = timezone.now() - timedelta(days=90, hours=1)
    FailedSearch.objects.create(query="самовар", count=100, last_at=long_ago)
    FailedSearch.objects.create(query="утюг", count=1, last_at=long_ago + timedelta(hours=2))
    tidy(timestamp=0)
    assert counts() == {"утюг": 1}


def test_count_does_not_overflow(counted: FailedSearches) -> None:
    FailedSearch.objects.create(query="фен", count=2**31 - 1, last_at=timezone.now())
    counted.add("фен")
    counted.write()
    assert counts() == {"фен": 2**31 - 1}


def test_thread_writes_after_a_pause(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """One timer for all that comes during the pause; a failure is logged without the searches."""
    started: list[Timer] = []
    monkeypatch.setattr(Timer, "start", lambda timer: started.append(timer))
    counter = FailedSearches()
    for text in ("фен", "утюг", "фен"):
        counter.add(text)
    (timer,) = started
    assert timer.daemon
    with patch.object(FailedSearch._meta, "db_table", "nowhere"), patch.object(connection, "close"):
        timer.function()
    assert "could not be saved" in caplog.text
    assert "фен" not in caplog.text
    counter.add("фен")
    assert len(started) == 2


@pytest.mark.django_db(transaction=True)
def test_no_search_of_16_threads_is_lost(make_product: Make, counted: FailedSearches) -> None:
    make_product(name="Кружка")

    def customer(number: int) -> int:
        client = JSONClient()
        for step in range(6):
            assert search(client, ("пылесос", "гигрометр", f"утюг {number:02}")[step % 3]).status_code == 200
            if step % 2:
                counted.write()
        return number

    assert together(partial(customer, number) for number in range(16)) == list(range(16))
    counted.write()
    assert counts() == {"пылесос": 32, "гигрометр": 32, **{f"утюг {number:02}": 2 for number in range(16)}}


@pytest.mark.django_db(transaction=True)
def test_processes_that_write_at_once_do_not_deadlock() -> None:
    processes = [FailedSearches() for _ in range(16)]
    for number, process in enumerate(processes):
        words = [f"слово {letter}" for letter in "абвгдежз"]
        for text in words if number % 2 else reversed(words):
            process.add(text)
    outcomes = together([process.write for process in processes])
    assert not [each for each in outcomes if isinstance(each, (BaseException, DatabaseError))]
    assert set(counts().values()) == {16}


def test_nothing_is_written_for_nothing(counted: FailedSearches) -> None:
    with CaptureQueriesContext(connection) as queries:
        counted.write()
    assert not queries


def test_staff_see_the_most_frequent_first(admin_client: Client) -> None:
    now = timezone.now()
    for query, count in (("фен", 3), ("<b>утюг</b>", 7), ("самовар", 3)):
        FailedSearch.objects.create(query=query, count=count, last_at=now)
        now += timedelta(minutes=1)
    page = admin_client.get(ADMIN).content.decode()
    assert page.index("&lt;b&gt;утюг") < page.index("самовар") < page.index("фен")
    assert "<b>утюг" not in page
    assert admin_client.get(f"{ADMIN}add/").status_code == 403


def test_staff_delete_what_they_have_dealt_with(admin_client: Client) -> None:
    row = FailedSearch.objects.create(query="фен", count=3, last_at=timezone.now())
    answer = admin_client.post(f"{ADMIN}{row.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not FailedSearch.objects.exists()


def test_staff_edit_synonyms(admin_client: Client, client: JSONClient, make_product: Make) -> None:
    make_product(name="Чашка")
    page = OpenPage(admin_client, "/admin/catalog/synonym/add/")
    assert page.save(words="Кружка,чашка, MUG").status_code == 302
    assert [product["name"] for product in search(client, "mugs").json()["results"]] == ["Чашка"]
    page = OpenPage(admin_client, "/admin/catalog/synonym/add/")
    assert page.save(words="зелёный чай, сенча").status_code == 200
    assert "Write 2 to 20 single words" in page.html
    assert Product.objects.count() == 1
