"""The page of the Mini App, as the server gives it; what it does in a browser is tested in e2e."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import init_data
from accounts.tests.local_requests import FROM_AFAR, LOCAL
from conftest import Headers, JSONClient, Make
from demo.sign_in import CUSTOMER
from storefront.views import MODULES

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
STOREFRONT = ROOT / "storefront" / "static" / "storefront"


def block(page: HttpResponse, name: str) -> Any:
    """Read what the server has put into the page for the scripts; None if it is not there."""
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page.content.decode())
    return json.loads(found[1]) if found else None


def policy(page: HttpResponse) -> dict[str, str]:
    """Read the Content-Security-Policy by directive."""
    return dict(part.split(" ", 1) for part in page["Content-Security-Policy"].split("; "))


def test_first_page_is_what_the_api_says(client: JSONClient, make_category: Make, make_product: Make) -> None:
    tea = make_category(name="Чай")
    for _ in range(21):
        make_product(category=tea, images=["a.jpg"])
    page = client.get("/")
    assert page.status_code == 200
    assert block(page, "categories-data") == client.get("/api/v1/categories").json()
    products = block(page, "products-data")
    assert products == client.get("/api/v1/products").json()
    following = client.get(products["next"]).json()
    assert (len(products["results"]), len(following["results"])) == (20, 1)


def test_what_is_in_the_address_is_not_in_the_list(client: JSONClient, make_product: Make) -> None:
    make_product()
    page = client.get("/?category=99&category_id=99&page_size=abc&cursor=x")
    assert len(block(page, "products-data")["results"]) == 1


def test_products_are_there_without_scripts(client: JSONClient, make_product: Make) -> None:
    make_product(
        name="<b>Чай</b> & </script>", price="1990.00", old_price="2490.50", images=["https://cdn.example.org/a.jpg"]
    )
    make_product(name="Мёд", price="0.50", stock=0)
    text = client.get("/", headers={"Accept-Language": "ru"}).content.decode()
    assert text.count('<li class="card') == 2
    assert "<h3>&lt;b&gt;Чай&lt;/b&gt; &amp; &lt;/script&gt;</h3>" in text
    assert "1\xa0990\xa0₽" in text
    assert "<del>2\xa0490,50\xa0₽</del>" in text
    assert "−20%" in text
    assert "0,50\xa0₽" in text
    assert "Нет в наличии" in text
    assert "<b>" not in text
    assert text.count("</script>") == text.count("<script")


@pytest.mark.parametrize(
    "query", ["product=1", "order=1", "view=cart", "search=x", "startapp=p_1", "tgWebAppStartParam=p_1"]
)
def test_another_page_does_not_begin_with_the_catalog(query: str, client: JSONClient, make_product: Make) -> None:
    make_product()
    page = client.get(f"/?{query}")
    assert '<li class="card' not in page.content.decode()
    assert len(block(page, "products-data")["results"]) == 1


def test_empty_shop(client: JSONClient) -> None:
    page = client.get("/")
    assert block(page, "products-data") == {"next": None, "previous": None, "results": [], "corrected": None}
    assert block(page, "categories-data") == []


def test_queries(client: JSONClient, make_product: Make, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(5):
        make_product()
    # Categories, products; settings, pages and promotions, which a web process keeps in memory.
    with django_assert_num_queries(6):
        client.get("/")


@pytest.mark.parametrize(
    ("asked", "language", "word"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru", "Все"),
        ("en-US,en;q=0.9", "en", "All"),
        ("de,ru;q=0.5", "ru", "Все"),
        ("de", "en", "All"),  # the language of the shop, in these tests
        ("", "en", "All"),
    ],
)
def test_language(asked: str, language: str, word: str, client: JSONClient, make_category: Make) -> None:
    make_category()
    page = client.get("/", headers={"Accept-Language": asked})
    assert f'<html lang="{language}">' in page.content.decode()
    assert f'<a class="chip chosen">{word}</a>' in page.content.decode()
    assert "Accept-Language" in page["Vary"]


def test_policy_is_strict_and_lets_telegram_embed_the_page(client: JSONClient) -> None:
    page = client.get("/")
    assert "unsafe" not in page["Content-Security-Policy"]
    assert policy(page) == {
        "default-src": "'none'",
        "script-src": "'self' https://telegram.org",
        "style-src": "'self'",
        "img-src": "'self' https: data:",
        "connect-src": "'self'",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self' https://web.telegram.org https://*.telegram.org",
    }
    assert not page.has_header("X-Frame-Options")
    assert client.get("/admin/login/")["X-Frame-Options"] == "DENY"


def test_markup_needs_no_exception_from_the_policy(client: JSONClient, make_product: Make) -> None:
    make_product()
    text = client.get("/").content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag


@pytest.mark.parametrize("is_real_bot", [False, True])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "LOCALHOST:8000", "[::1]:8000"])
def test_demo_customer_is_signed_in_on_ones_own_machine(
    host: str, is_real_bot: bool, client: JSONClient, settings: Settings
) -> None:
    settings.DEBUG, settings.TELEGRAM_TO_CONSOLE, settings.ALLOWED_HOSTS = True, not is_real_bot, ["*"]
    page = client.get("/", HTTP_HOST=host)
    signed = block(page, "demo-data")
    me = client.get("/api/v1/users/me", HTTP_HOST=host, HTTP_AUTHORIZATION=f"tma {signed}").json()
    assert (me["telegram_id"], me["first_name"]) == (CUSTOMER["id"], "Демо")
    assert page["Cache-Control"] == "no-store"
    assert policy(page)["img-src"] == "'self' https: data: http:"
    # No shop with this bot would believe it, the one in production included.
    with pytest.raises(init_data.BadHash):
        init_data.verify(signed, bot_token=settings.TELEGRAM_BOT_TOKEN, now=int(time.time()), ttl=60)


@pytest.mark.parametrize("request_from_afar", FROM_AFAR, ids=str)
def test_nobody_is_signed_in_through_a_tunnel(
    request_from_afar: Headers, client: JSONClient, settings: Settings
) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["*"]
    page = client.get("/", **LOCAL | request_from_afar)
    assert block(page, "demo-data") is None
    assert "auth_date" not in page.content.decode()
    # Else the next request of this machine could get this page from memory.
    assert page["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ["", "?debug=1", "?demo=1"])
def test_nobody_is_signed_in_with_debug_off(query: str, client: JSONClient, settings: Settings) -> None:
    settings.DEBUG, settings.TELEGRAM_TO_CONSOLE = False, True
    page = client.get(f"/{query}", **LOCAL)
    assert block(page, "demo-data") is None
    assert "hash=" not in page.content.decode()
    assert "auth_date" not in page.content.decode()
    assert page["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize(("name", "address"), [("", ""), ("my_shop_bot", "https://t.me/my_shop_bot")])
def test_address_of_the_bot(name: str, address: str, client: JSONClient, settings: Settings) -> None:
    settings.TELEGRAM_BOT_USERNAME = name
    shop = block(client.get("/"), "shop-data")
    assert (shop["currency"], shop["bot_url"]) == ("RUB", address)


@pytest.mark.parametrize("path", ["/cart", "/index.html", "/storefront", "/static/storefront/nothing.js"])
def test_other_addresses_are_not_there(path: str, client: JSONClient) -> None:
    assert client.get(path).status_code == 404


def test_page_is_public_and_must_be_asked_after(client: JSONClient, make_product: Make) -> None:
    make_product()
    page = client.get("/")
    assert page["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert page["Vary"] == "Accept-Language"


def test_only_reading(client: JSONClient) -> None:
    assert client.head("/").status_code == 200
    assert client.post("/").status_code == 405


def test_page_tells_what_its_scripts_need(client: JSONClient) -> None:
    text = client.get("/").content.decode()
    assert MODULES[0] == "storefront/main.js"
    assert len(set(MODULES)) == len(MODULES)
    for module in MODULES:
        assert finders.find(module), module
        assert f'<link rel="modulepreload" href="/static/{module}">' in text


def test_throttled_page_still_opens(client: JSONClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from shop.api.throttles import PerAddress

    monkeypatch.setattr(PerAddress, "allow_request", lambda self, request, view: False)
    monkeypatch.setattr(PerAddress, "wait", lambda self: 5)
    page = client.get("/")
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    assert block(page, "products-data") is None
    assert client.get("/api/v1/products").status_code == 429


@pytest.mark.parametrize("refused", ["categories", "products"])
def test_half_a_page_is_kept_by_nobody(client: JSONClient, monkeypatch: pytest.MonkeyPatch, refused: str) -> None:
    from storefront import views as storefront

    listed = storefront._listed
    monkeypatch.setattr(
        storefront, "_listed", lambda view, path, request: None if refused in path else listed(view, path, request)
    )
    page = client.get("/")
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    assert block(page, f"{refused}-data") is None


def test_a_stranger_may_open_it(make_product: Make) -> None:
    """Without a session, a cookie or a CSRF token: WebViews forget."""
    make_product()
    page = Client(enforce_csrf_checks=True).get("/")
    assert page.status_code == 200
    assert not page.cookies


def test_stylesheets() -> None:
    assert {path.name for path in STOREFRONT.rglob("*.css")} == {"storefront.css", "merchant.css"}


@pytest.fixture
def collected(subprocess_env: dict[str, str], tmp_path: Path) -> dict[Path, Path]:
    """Collect the static files as production does; gives the stored file of each script."""
    code = "\n".join(
        (
            "import django, json; django.setup()",
            "from django.conf import settings",
            f"settings.STATIC_ROOT = {str(tmp_path)!r}",
            "from django.core.management import call_command",
            "call_command('collectstatic', interactive=False, verbosity=0)",
        )
    )
    subprocess.run([sys.executable, "-c", code], env=subprocess_env | {"DEBUG": "off"}, cwd=ROOT, check=True)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    return {path: tmp_path / names[path.relative_to(STOREFRONT.parent).as_posix()] for path in STOREFRONT.rglob("*.js")}


def test_files_have_hashed_names_and_import_each_other_by_them(collected: dict[Path, Path]) -> None:
    hashed = collected.values()
    imports = [
        name for path in hashed for name in re.findall(r"""(?:from|import)[ (]?"(\.[^"]+)\"""", path.read_text())
    ]
    assert len(imports) > len(MODULES)
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", name) for name in imports)


def test_stored_scripts_are_the_sources_without_comments(collected: dict[Path, Path]) -> None:
    for source, stored in collected.items():
        lines = source.read_text().splitlines()
        code = lines if "vendor" in source.parts else without_comments(lines)
        unhashed = re.sub(r"\.[0-9a-f]{12}\.js", ".js", stored.read_text())
        # Django writes spaces into `from"./preact.js"`.
        assert "".join(unhashed.split()) == "".join("".join(code).split()), source


def test_scripts_are_light(collected: dict[Path, Path]) -> None:
    """Compressed: those that the first page loads, and all, which it loads once it is idle."""
    first, waiting = set[Path](), [collected[STOREFRONT / "main.js"]]
    while waiting:
        script = waiting.pop()
        if script not in first:
            first.add(script)
            imported = re.findall(r"""\b(?:from|import) ?"(\.[^"]+)\"""", script.read_text())
            waiting += [(script.parent / name).resolve() for name in imported]
    assert {collected[STOREFRONT / "pages" / name] in first for name in ("checkout.js", "order.js")} == {False}
    assert sum(map(compressed, first)) < 50 * 1024
    assert sum(map(compressed, collected.values())) < 78 * 1024


def compressed(script: Path) -> int:
    """Return the size in bytes."""
    return script.with_name(f"{script.name}.gz").stat().st_size


def without_comments(lines: list[str]) -> Iterator[str]:
    """Leave out the lines that have nothing but a comment."""
    inside = False  # of a comment that began on a line before
    for line in map(str.strip, lines):
        is_comment = line.startswith("/**")
        if inside:
            inside = "*/" not in line
        elif is_comment and "*/" not in line:
            inside = True
        elif not line.startswith("//") and not (is_comment and line.endswith("*/")):
            yield line
