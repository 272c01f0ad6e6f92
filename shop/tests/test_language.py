"""Language of errors by Accept-Language."""

import itertools

import pytest
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from conftest import Headers, JSONClient, Make
from shop.http import language as language_module
from shop.http.language import choose_language, negotiate

pytestmark = pytest.mark.django_db

NOTHING = "/api/v1/nothing"
NOT_FOUND = {"ru": "Не найдено", "en": "Not Found"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),  # LANGUAGE_CODE, in these tests
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-GB,ru;q=0.5", "en"),
        ("de,ru;q=0.5", "ru"),
        ("de", "en"),
        ("*", "en"),
        ("ru," + "de," * 2000, "ru"),
        ("\0\xff", "en"),
    ],
)
def test_language_is_selected_by_the_header(accepted: str, language: str, client: JSONClient) -> None:
    assert negotiate(accepted) == language
    answer = client.get(NOTHING, HTTP_ACCEPT_LANGUAGE=accepted)
    assert (answer.json()["title"], answer["Content-Language"]) == (NOT_FOUND[language], language)


def test_language_of_the_shop_is_the_default(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "ru"
    language_module._negotiate.cache_clear()
    try:
        assert (negotiate(""), negotiate("de"), negotiate("en")) == ("ru", "ru", "en")
    finally:
        language_module._negotiate.cache_clear()


def test_cookie_does_not_select_the_language(client: JSONClient) -> None:
    client.cookies["django_language"] = "ru"
    assert client.get(NOTHING).json()["title"] == "Not Found"


@pytest.mark.parametrize("path", [NOTHING, "/nothing", "/api/v1/users/me"])
def test_error_varies_by_accept_language(path: str, client: JSONClient) -> None:
    answer = client.get(path, HTTP_ACCEPT_LANGUAGE="ru")
    assert answer["Content-Language"] == "ru"
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize("path", ["/api/v1/products", "/api/v1/categories", "/api/v1/schema", "/api/v1/users/me"])
def test_successful_response_is_the_same_in_every_language(
    path: str, client: JSONClient, alice: Headers, make_product: Make
) -> None:
    make_product()
    russian, english = (client.get(path, HTTP_ACCEPT_LANGUAGE=language, **alice) for language in ("ru", "en"))
    assert russian.status_code == 200
    assert russian.content == english.content
    assert "Content-Language" not in russian
    assert "Accept-Language" not in russian.get("Vary", "")


def test_language_of_one_request_does_not_affect_the_next(client: JSONClient) -> None:
    languages = itertools.islice(itertools.cycle(["ru", "en", ""]), 6)
    titles = [client.get(NOTHING, HTTP_ACCEPT_LANGUAGE=language).json()["title"] for language in languages]
    assert titles == ["Не найдено", "Not Found", "Not Found"] * 2


def test_language_is_restored_after_the_request() -> None:
    seen: list[str | None] = []

    def fail(request: HttpRequest) -> HttpResponse:
        seen.append(translation.get_language())
        raise RuntimeError

    request = HttpRequest()
    request.path_info = NOTHING
    request.META["HTTP_ACCEPT_LANGUAGE"] = "ru"
    with pytest.raises(RuntimeError):
        choose_language(fail)(request)
    assert (seen, translation.get_language()) == (["ru"], "en")


def test_staff_keep_the_language_of_the_shop(admin_user: User, client: JSONClient) -> None:
    sign_in = client.get("/admin/login/", HTTP_ACCEPT_LANGUAGE="ru").content.decode()
    assert ("Log in" in sign_in, "Войти" in sign_in) == (True, False)
    client.force_login(admin_user)
    page = client.get("/admin/", HTTP_ACCEPT_LANGUAGE="ru")
    assert (page.status_code, "Товары" in page.content.decode()) == (200, False)


def test_language_is_active_in_all_middlewares_that_refuse_requests(settings: Settings) -> None:
    names = settings.MIDDLEWARE
    chosen_at = names.index("shop.http.language.choose_language")
    assert all(names.index(f"shop.{name}") > chosen_at for name in ("http.work.limit_work", "http.bodies.limit_bodies"))
