"""Seeding: the demo data is complete, added once, and changes of staff are kept."""

import io
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from PIL import Image
from pytest_django import Settings

from catalog.models import Category, Product, Variant
from demo import pictures, products, seeding
from merchant.models import Page, ShopSettings
from testing.stock import stock_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """Use a separate media folder for each test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def quick_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the drawing of pictures, which takes seconds."""
    monkeypatch.setattr(pictures, "draw", lambda *, sku, look, wall, view: f"{sku} {view}".encode())


def seed(*arguments: str) -> str:
    """Run the command, and return its output."""
    output = io.StringIO()
    call_command("seed", *arguments, stdout=output)
    return output.getvalue()


def rows() -> list[Any]:
    """Return all rows of the catalog, as values."""
    return [list(Category.objects.order_by("pk").values()), list(Product.objects.order_by("pk").values())]


def files(media: Path) -> dict[str, tuple[int, bytes]]:
    """Return all files with their modification times."""
    found = (path for path in media.rglob("*") if path.is_file())
    return {str(path.relative_to(media)): (path.stat().st_mtime_ns, path.read_bytes()) for path in found}


def test_pictures_are_valid_and_all_are_used(media: Path) -> None:
    seed()
    named = [name for product in Product.objects.all() for name in product.images]
    assert len(named) == len(set(named)) > len(products.PRODUCTS)
    assert set(named) == set(files(media))
    assert Product.objects.get(sku="BT-001").images == ["demo/bt-001-1.jpg", "demo/bt-001-2.jpg"]
    for name in named:
        with default_storage.open(name) as file, Image.open(file) as picture:
            picture.load()
            assert (picture.format, picture.size) == ("JPEG", (800, 800))
            assert len(set(picture.resize((50, 50)).tobytes())) > 100, f"{name} shows nothing"
        assert 10_000 < default_storage.size(name) < 100_000
    assert len({content for _, content in files(media).values()}) == len(named), "two products look the same"


def test_drawing_is_deterministic() -> None:
    product = products.PRODUCTS[0]
    first, again, other = (
        pictures.draw(sku=sku, look=product.look, wall="#cfae8e", view=1) for sku in ("A-1", "A-1", "A-2")
    )
    assert first == again != other


@pytest.mark.usefixtures("quick_pictures")
def test_demo_shop_is_complete() -> None:
    assert seed() == "Added 9 categories, 44 products and 82 pictures; the shop has 44 products now.\n"
    assert list(Category.objects.filter(parent__slug="tea").order_by("position").values_list("slug", flat=True)) == [
        "black-tea",
        "green-tea",
    ]
    assert Category.objects.filter(parent=None).count() == 7
    assert set(Product.objects.on_sale()) == set(Product.objects.all())
    for thing in [*Category.objects.all(), *Product.objects.all()]:
        thing.full_clean()
    assert Variant.objects.filter(stock=0).count() == 4
    assert Variant.objects.filter(stock=None).count() == 2
    assert Product.objects.exclude(old_price=None).count() == 12
    product = Product.objects.get(sku="CH-001")
    assert (product.slug, product.category.slug) == ("shu-puer-dvortsovyj", "tea")
    assert (product.price, product.old_price, stock_of(product)) == (Decimal("2490.00"), Decimal("2890.00"), 14)
    assert product.name == "Шу пуэр «Дворцовый», блин 357 г"
    assert product.description.startswith("Прессованный шу пуэр из уезда Мэнхай")


def test_descriptions_repeat_no_sentence() -> None:
    sentences = Counter(part for product in products.PRODUCTS for part in product.description.split(". "))
    assert [sentence for sentence, times in sentences.items() if times > 1] == []
    assert all(product.description.count(".") >= 2 for product in products.PRODUCTS)


@pytest.mark.usefixtures("quick_pictures")
def test_settings_and_pages_are_filled_in_once() -> None:
    seed()
    row = ShopSettings.objects.get()
    row.full_clean(exclude=["id"])
    assert (row.name, row.accepts_orders) == ("Чайная «Белая ночь»", True)
    assert {row.logo, row.banner_picture} <= {name for product in Product.objects.all() for name in product.images}
    for page in Page.objects.all():
        page.full_clean()
        assert page.is_shown
    Page.objects.filter(slug="about").update(title="Наша чайная", is_shown=False)
    row.name, row.phone = "Чайная", ""
    row.save()
    before = [*ShopSettings.objects.values(), *Page.objects.order_by("pk").values()]
    seed()
    assert [*ShopSettings.objects.values(), *Page.objects.order_by("pk").values()] == before


@pytest.mark.usefixtures("quick_pictures")
def test_shop_for_measurements_keeps_its_settings() -> None:
    before = [*ShopSettings.objects.values(), *Page.objects.order_by("pk").values()]
    seed("--products", "50")
    assert [*ShopSettings.objects.values(), *Page.objects.order_by("pk").values()] == before


@pytest.mark.usefixtures("quick_pictures")
def test_second_seed_changes_nothing(media: Path) -> None:
    seed()
    before = rows(), files(media)
    assert seed().startswith("Added 0 categories, 0 products and 0 pictures;")
    assert (rows(), files(media)) == before


@pytest.mark.usefixtures("quick_pictures")
def test_changes_of_staff_are_kept(media: Path) -> None:
    seed()
    product = Product.objects.get(sku="BT-001")
    product.name, product.images = "Наш ассам", []
    product.save()
    Variant.objects.filter(product=product).update(price=1, stock=None)
    Variant.objects.filter(sku="BT-002").update(sku="STAFF-2")
    Product.objects.filter(sku="BT-003").update(slug="our-ceylon", is_active=False)
    Category.objects.filter(slug="green-tea").update(name="Зелёный", parent=None, is_active=False)
    (media / "demo" / "ch-001-1.jpg").write_bytes(b"a better picture")
    before = rows(), files(media)
    seed()
    assert (rows(), files(media)) == before


@pytest.mark.usefixtures("quick_pictures")
def test_missing_data_is_added_again(media: Path) -> None:
    seed()
    Product.objects.filter(sku="HN-001").delete()
    (media / "demo" / "hn-001-2.jpg").unlink()
    assert seed().startswith("Added 0 categories, 1 products and 1 pictures;")
    assert Product.objects.get(sku="HN-001").category.slug == "honey"
    assert (media / "demo" / "hn-001-2.jpg").read_bytes() == b"HN-001 2"


@pytest.mark.usefixtures("quick_pictures")
def test_if_empty_adds_nothing_to_existing_products(media: Path) -> None:
    assert seed("--if-empty").startswith("Added 9 categories, 44 products")
    Product.objects.exclude(sku="CH-001").delete()
    before = rows(), files(media)
    assert seed("--if-empty", "--products", "100") == "Added nothing: the shop has products already.\n"
    assert (rows(), files(media)) == before


@pytest.mark.usefixtures("quick_pictures")
def test_planner_has_statistics_of_new_products(media: Path) -> None:
    seed("--products", "74")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'catalog_product'::regclass")
        assert cursor.fetchone() == (74,)


@pytest.mark.usefixtures("quick_pictures")
def test_plain_products_are_added_up_to_a_total(media: Path) -> None:
    assert seed("--products", "74").endswith("the shop has 74 products now.\n")
    plain = list(Product.objects.filter(sku__startswith="GEN-").select_related("category").order_by("sku"))
    assert [product.sku for product in plain] == [f"GEN-{number:06}" for number in range(1, 31)]
    assert Counter((product.category.slug, product.category.name) for product in plain) == {
        (f"section-{number}", f"Раздел {number}"): 3 for number in range(1, 11)
    }
    assert len({product.price for product in plain}) == 30
    for product in plain:
        product.full_clean()
        assert product.is_active
        assert stock_of(product) == 1_000_000
        assert 140 <= len(product.description) <= 200
        assert len(set(product.images)) == 3
        assert all(image.startswith("https://example.org/") for image in product.images)
    before = rows(), files(media)
    seed("--products", "74")
    seed("--products", "20")
    assert (rows(), files(media)) == before


@pytest.mark.usefixtures("quick_pictures")
def test_more_plain_products_use_free_numbers() -> None:
    seed("--products", "47")
    Product.objects.filter(sku="GEN-000002").delete()
    Variant.objects.filter(sku="GEN-000003").update(sku="STAFF-3")
    before = set(Product.objects.values_list("pk", "sku", "slug", "updated_at"))
    seed("--products", "49")
    after = set(Product.objects.values_list("pk", "sku", "slug", "updated_at"))
    assert before < after
    assert {sku for _, sku, _, _ in after - before} == {"GEN-000002", "GEN-000004", "GEN-000005"}


@pytest.mark.usefixtures("quick_pictures")
def test_failed_seed_adds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "PLAIN_PRODUCTS", seeding.PLAIN_PRODUCTS.replace("9000", "-9000000"))
    with pytest.raises(IntegrityError):
        seed("--products", "45")
    assert rows() == [[], []]


@pytest.mark.parametrize("number", ["0", "-1", "1000001"])
def test_wrong_numbers_are_refused(number: str, media: Path) -> None:
    with pytest.raises(CommandError, match="--products: write a number from 1 to 1000000"):
        seed("--products", number)
    assert rows() == [[], []]
    assert files(media) == {}


def test_text_as_a_number_is_refused() -> None:
    with pytest.raises(CommandError, match="--products"):
        seed("--products", "many")
