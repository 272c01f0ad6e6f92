"""Uploading pictures on a product's page of the back office."""

import hashlib
import re
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin
from pytest_django import Settings

from accounts.models import User
from catalog.images.uploads import Picture
from catalog.images.urls import thumbnail
from catalog.models import Product, Variant
from catalog.tests.test_admin import CATEGORIES, PRODUCTS, page_of
from conftest import JSONClient, Make
from testing.html_forms import OpenPage

pytestmark = pytest.mark.django_db

GPS, ORIENTATION = 0x8825, 0x0112
NAME = re.compile(r"products/([0-9a-f]{2})/(\1[0-9a-f]{62})-([0-9]+)x([0-9]+)\.(jpg|webp)")
RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """Give every test a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def drawn(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Draw a picture, red on the left and blue on the right."""
    image = Image.new("RGB", size, RED)
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill=BLUE)
    return image.convert(mode)


def saved(image: Image.Image, image_format: str = "JPEG", **options: Any) -> bytes:
    """Encode a picture."""
    output = BytesIO()
    image.save(output, image_format, **options)
    return output.getvalue()


def png_header(width: int, height: int) -> bytes:
    """Write a PNG of that size, with next to no data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def upload(client: Client, product: Product, *contents: bytes, name: str = "a.jpg", **changes: str) -> Any:
    """Save the product's page with these files."""
    files = [SimpleUploadedFile(name, content) for content in contents]
    return OpenPage(client, page_of(product)).save(uploads=files, **changes)


def files(media: Path) -> dict[str, bytes]:
    """Read all files that are there."""
    return {str(path.relative_to(media)): path.read_bytes() for path in media.rglob("*") if path.is_file()}


def accepted(client: Client, product: Product, media: Path, content: bytes) -> Image.Image:
    """Upload a picture, check what holds for all, and return what was stored."""
    assert upload(client, product, content).status_code == 302
    product.refresh_from_db()
    (name,) = product.images
    match = NAME.fullmatch(name)
    assert match
    stored = files(media)
    assert set(stored) == {name, thumbnail(name)}
    assert hashlib.sha256(stored[name]).hexdigest() == match[2]
    image = Image.open(BytesIO(stored[name]))
    assert image.format == {"jpg": "JPEG", "webp": "WEBP"}[match[5]]
    assert image.size == (int(match[3]), int(match[4]))
    assert max(image.size) <= 2000
    assert not {"exif", "icc_profile", "comment", "xmp", "photoshop"} & image.info.keys()
    assert not image.getexif()
    small = Image.open(BytesIO(stored[str(thumbnail(name))]))
    assert small.format == "WEBP"
    assert max(small.size) <= 480
    assert small.mode == image.mode
    assert small.width / small.height == pytest.approx(image.width / image.height, rel=0.02)
    return image


def is_close(image: Image.Image, place: tuple[int, int], colour: tuple[int, ...], tolerance: int = 12) -> bool:
    """Tell whether a pixel has a colour, give or take what compression does."""
    found = image.getpixel(place)
    assert isinstance(found, tuple)
    assert len(found) == len(colour)
    return all(abs(one - other) <= tolerance for one, other in zip(found, colour, strict=True))


def test_photo_is_turned_upright_and_tells_no_place(admin_client: Client, make_product: Make, media: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # as a phone held upright writes it: to be turned clockwise
    exif[GPS] = {1: "N", 2: (55.0, 45.0, 21.0), 3: "E", 4: (37.0, 37.0, 2.0)}
    exif[0x010F] = "Secret camera"
    content = saved(drawn(), exif=exif, comment=b"a secret comment", xmp=b"<x>secret</x>")
    assert Image.open(BytesIO(content)).getexif().get_ifd(GPS)
    image = accepted(admin_client, make_product(), media, content)
    assert image.size == (40, 60)
    assert is_close(image, (20, 10), RED)
    assert is_close(image, (20, 50), BLUE)
    for stored in files(media).values():
        assert b"ecret" not in stored
        assert b"Exif" not in stored


def test_large_photo_is_scaled_down(admin_client: Client, make_product: Make, media: Path) -> None:
    image = accepted(admin_client, make_product(), media, saved(drawn(size=(6000, 3000))))
    assert image.size == (2000, 1000)
    assert is_close(image, (500, 500), RED)
    assert is_close(image, (1500, 500), BLUE)
    (small,) = (content for name, content in files(media).items() if "thumb" in name)
    assert Image.open(BytesIO(small)).size == (480, 240)


def test_small_picture_keeps_its_size(admin_client: Client, make_product: Make, media: Path) -> None:
    assert accepted(admin_client, make_product(), media, saved(drawn(size=(1, 1)), "PNG")).size == (1, 1)


def test_print_colours(admin_client: Client, make_product: Make, media: Path) -> None:
    image = accepted(admin_client, make_product(), media, saved(drawn("CMYK")))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert is_close(image, (10, 20), RED)


def test_profile_is_applied_and_removed(admin_client: Client, make_product: Make, media: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # By this profile what says red is blue.
    swapped = profile.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")
    image = accepted(admin_client, make_product(), media, saved(drawn(), icc_profile=swapped))
    assert is_close(image, (10, 20), BLUE)
    assert is_close(image, (50, 20), RED)


@pytest.mark.parametrize("profile", [b"nonsense", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()])
def test_wrong_profile_does_no_harm(profile: bytes, admin_client: Client, make_product: Make, media: Path) -> None:
    image = accepted(admin_client, make_product(), media, saved(drawn(), icc_profile=profile))
    assert is_close(image, (10, 20), RED)


def test_palette_with_transparency(admin_client: Client, make_product: Make, media: Path) -> None:
    palette = drawn("P")
    transparent = palette.getpixel((10, 20))
    image = accepted(admin_client, make_product(), media, saved(palette, "PNG", transparency=transparent))
    assert (image.format, image.mode) == ("WEBP", "RGBA")
    pixel = image.getpixel((10, 20))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 0
    assert is_close(image, (50, 20), (*BLUE, 255))


def test_transparency_that_nothing_uses_is_dropped(admin_client: Client, make_product: Make, media: Path) -> None:
    image = accepted(admin_client, make_product(), media, saved(drawn("RGBA"), "PNG"))
    assert (image.format, image.mode) == ("JPEG", "RGB")


def test_grey_of_16_bits(admin_client: Client, make_product: Make, media: Path) -> None:
    grey = Image.new("I;16", (60, 40), 0x8000)
    image = accepted(admin_client, make_product(), media, saved(grey, "PNG"))
    assert is_close(image, (10, 10), (128, 128, 128))


def test_first_frame_of_an_animation(admin_client: Client, make_product: Make, media: Path) -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in (BLUE, RED)]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=b"a secret comment")
    image = accepted(admin_client, make_product(), media, content)
    assert (image.format, getattr(image, "n_frames", 1)) == ("JPEG", 1)
    assert is_close(image, (10, 20), BLUE)


def test_webp(admin_client: Client, make_product: Make, media: Path) -> None:
    assert accepted(admin_client, make_product(), media, saved(drawn(), "WEBP", quality=95)).size == (60, 40)


def test_phones_that_store_two_pictures_in_one_jpeg(admin_client: Client, make_product: Make, media: Path) -> None:
    content = saved(drawn(), "MPO", save_all=True, append_images=[drawn("L")])
    assert is_close(accepted(admin_client, make_product(), media, content), (10, 20), RED)


def test_several_at_once_come_after_those_that_are_there(
    admin_client: Client, make_product: Make, media: Path, client: JSONClient
) -> None:
    product = make_product(images=["old.jpg", "https://example.org/b.jpg"])
    one, two = saved(drawn()), saved(drawn().rotate(180))
    assert upload(admin_client, product, one, two, one).status_code == 302
    product.refresh_from_db()
    assert product.images[:2] == ["old.jpg", "https://example.org/b.jpg"]
    assert len(product.images) == 4
    assert len(files(media)) == 4
    answer = client.get(f"/api/v1/products/{product.pk}").json()
    assert answer["images"][2:] == [f"http://testserver/media/{name}" for name in product.images[2:]]


def test_sizes_are_known_of_what_was_uploaded(
    admin_client: Client, make_product: Make, media: Path, client: JSONClient
) -> None:
    product = make_product(name="Чай")
    accepted(admin_client, product, media, saved(drawn(size=(3000, 1500))))
    before_sizes = f"products/ab/{'ab' * 32}.jpg"
    Product.objects.update(images=[*product.images, before_sizes, f"https://example.org/{product.images[0]}"])
    Variant.objects.update(images=product.images)
    detail = client.get(f"/api/v1/products/{product.pk}").json()
    root = "http://testserver/media/"
    uploaded = {"url": root + product.images[0], "thumbnail": f"{root}{thumbnail(product.images[0])}"}
    assert detail["pictures"] == [
        {**uploaded, "width": 2000, "height": 1000, "alt": "Чай"},
        {"url": root + before_sizes, "thumbnail": f"{root}{thumbnail(before_sizes)}"}
        | {"width": None, "height": None, "alt": "Чай"},
        {"url": f"https://example.org/{product.images[0]}", "thumbnail": None}
        | {"width": None, "height": None, "alt": "Чай"},
    ]
    assert detail["variants"][0]["pictures"] == detail["pictures"][:1]
    assert client.get("/api/v1/products").json()["results"][0]["pictures"] == detail["pictures"]


def test_same_picture_twice_is_one_file(admin_client: Client, make_product: Make, media: Path) -> None:
    first, second = make_product(), make_product()
    content = saved(drawn())
    accepted(admin_client, first, media, content)
    before = {path: path.stat().st_mtime_ns for path in media.rglob("*")}
    accepted(admin_client, second, media, content)
    assert {path: path.stat().st_mtime_ns for path in media.rglob("*")} == before
    assert upload(admin_client, first, content).status_code == 302
    first.refresh_from_db()
    assert first.images == second.images


def test_half_written_file_is_written_again(admin_client: Client, make_product: Make, media: Path) -> None:
    product = make_product()
    content = saved(drawn())
    accepted(admin_client, product, media, content)
    whole = files(media)
    for name in whole:
        (media / name).write_bytes(whole[name][:50])
    assert upload(admin_client, product, content).status_code == 302
    assert files(media) == whole


def test_thumbnail_is_what_the_list_shows(admin_client: Client, make_product: Make, media: Path) -> None:
    product = make_product()
    accepted(admin_client, product, media, saved(drawn()))
    (name,) = product.images
    for path in (PRODUCTS, f"{PRODUCTS}{product.pk}/change/"):
        page = admin_client.get(path).content.decode()
        assert f'src="/media/{thumbnail(name)}"' in page
        assert f'src="/media/{name}"' not in page


def test_product_is_added_with_its_picture(admin_client: Client, make_category: Make, media: Path) -> None:
    page = OpenPage(admin_client, f"{PRODUCTS}add/")
    assert 'enctype="multipart/form-data"' in page.html
    assert re.search(r'<input type="file" name="uploads"[^>]* multiple', page.html)
    form = {"name": "Чай", "slug": "tea", "category": str(make_category().pk)}
    form |= {"variants-0-sku": "T-1", "variants-0-price": "10"}
    picture = SimpleUploadedFile("a.jpg", saved(drawn()))
    assert page.save(**form, uploads=picture).status_code == 302
    assert set(files(media)) == {name for image in Product.objects.get().images for name in (image, thumbnail(image))}


def test_category_gets_a_picture(admin_client: Client, make_category: Make, media: Path, client: JSONClient) -> None:
    category = make_category(name="Чай", image="old.jpg")
    page = OpenPage(admin_client, f"{CATEGORIES}{category.pk}/change/")
    assert page.save(upload=SimpleUploadedFile("a.jpg", saved(drawn()))).status_code == 302
    category.refresh_from_db()
    assert set(files(media)) == {category.image, thumbnail(category.image)}
    [shown] = client.get("/api/v1/categories").json()
    assert shown["image"] == {
        "url": f"http://testserver/media/{category.image}",
        "thumbnail": f"http://testserver/media/{thumbnail(category.image)}",
        "width": 60,
        "height": 40,
        "alt": "Чай",
    }
    assert f'src="/media/{thumbnail(category.image)}"' in OpenPage(admin_client, page.path).html


@pytest.mark.parametrize("change", [{"upload": SimpleUploadedFile("a.jpg", b"text")}, {"image": "/etc/passwd"}])
def test_category_with_a_wrong_picture_is_refused(
    change: dict[str, Any], admin_client: Client, make_category: Make, media: Path
) -> None:
    category = make_category()
    page = OpenPage(admin_client, f"{CATEGORIES}{category.pk}/change/")
    assert page.save(**change).status_code == 200
    category.refresh_from_db()
    assert (category.image, files(media)) == ("", {})


def truncated() -> bytes:
    content = saved(drawn(size=(800, 800)), quality=95)
    return content[: len(content) // 2]


def bomb_of_text() -> bytes:
    """Make a small PNG whose comment unpacks to 100 MB."""
    info = PngImagePlugin.PngInfo()
    info.add_text("secret", "\0" * 100_000_000, zip=True)
    return saved(drawn(), "PNG", pnginfo=info)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PICTURE = "“a.jpg” is not a JPEG, PNG, WebP or GIF picture."
DAMAGED = "“a.jpg” is damaged and cannot be read to its end."
TOO_MANY = "“a.jpg” has too many pixels: at most 40 million, please."
REFUSED = {
    "text": (b"Dear shop, this is no picture. " * 20, NO_PICTURE),
    "svg": (SVG, NO_PICTURE),
    "html": (b"<html><script>alert(1)</script></html>", NO_PICTURE),
    "bmp": (saved(drawn(), "BMP"), NO_PICTURE),
    "tiff": (saved(drawn(), "TIFF"), NO_PICTURE),
    "pdf": (saved(drawn(), "PDF"), NO_PICTURE),
    "only the first bytes": (saved(drawn())[:10], NO_PICTURE),
    "truncated JPEG": (truncated(), DAMAGED),
    "truncated PNG": (saved(drawn(size=(300, 300)), "PNG")[:-100], DAMAGED),
    "truncated GIF": (saved(Image.effect_noise((300, 300), 90), "GIF")[:-1000], DAMAGED),
    "comment that is a bomb": (bomb_of_text(), NO_PICTURE),
    "too little data": (png_header(1000, 1000), DAMAGED),
    "one row too many": (png_header(8000, 5001), TOO_MANY),
    "as many as Pillow warns of": (png_header(10_000, 10_000), TOO_MANY),
    "as many as Pillow refuses": (png_header(2**31 - 1, 2**31 - 1), TOO_MANY),
    "huge GIF": (saved(drawn(), "GIF")[:6] + b"\xff\xff\xff\xff" + saved(drawn(), "GIF")[10:], TOO_MANY),
    "too many bytes": (saved(drawn()) + bytes(10_000_000), "“a.jpg” is too large: at most 10 MB, please."),
    "empty": (b"", "The submitted file is empty."),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_with_a_sentence_and_nothing_is_stored(
    kind: str, admin_client: Client, make_product: Make, media: Path
) -> None:
    content, sentence = REFUSED[kind]
    product = make_product(images=["old.jpg"])
    before = Product.objects.values().get()
    # With a good one beside it, which is not stored either.
    answer = upload(admin_client, product, saved(drawn()), content, name="a.jpg", price="55")
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert Product.objects.values().get() == before
    assert files(media) == {}


def test_each_wrong_file_gets_its_sentence(admin_client: Client, make_product: Make) -> None:
    page = upload(admin_client, make_product(), SVG, truncated()).content.decode()
    assert NO_PICTURE in page
    assert DAMAGED in page


def test_name_of_a_file_is_text_and_no_path(admin_client: Client, make_product: Make, media: Path) -> None:
    page = upload(admin_client, make_product(), SVG, name="<img onerror=alert(1)>.jpg").content.decode()
    assert "<img onerror" not in page
    assert upload(admin_client, make_product(), saved(drawn()), name="../../evil.php").status_code == 302
    assert all(NAME.fullmatch(name.replace(".thumb.webp", ".webp")) for name in files(media))


@pytest.mark.parametrize("there", [0, 19])
def test_at_most_twenty(there: int, admin_client: Client, make_product: Make, media: Path) -> None:
    product = make_product(images=[f"{number}.jpg" for number in range(there)])
    contents = [saved(Image.new("RGB", (4, 4), (number, 0, 0)), "PNG") for number in range(0, 21 * 9, 9)]
    answer = upload(admin_client, product, *contents[: 21 - there])
    assert "List at most 20 pictures." in answer.content.decode()
    product.refresh_from_db()
    assert len(product.images) == there
    assert files(media) == {}


def test_more_than_twenty_are_not_even_looked_at(admin_client: Client, make_product: Make) -> None:
    page = upload(admin_client, make_product(), *[SVG] * 21).content.decode()
    assert "List at most 20 pictures." in page
    assert NO_PICTURE not in page


def test_nothing_is_stored_if_another_field_is_wrong(admin_client: Client, make_product: Make, media: Path) -> None:
    product, other = make_product(), make_product()
    for wrong in ({"slug": other.slug}, {"images": "/etc/passwd"}, {"slug": ""}):
        assert upload(admin_client, product, saved(drawn()), **wrong).status_code == 200
    assert files(media) == {}


def test_staff_who_may_only_look_upload_nothing(client: Client, make_product: Make, media: Path) -> None:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_product"))
    browser = Client()
    browser.force_login(user)
    product = make_product()
    page = browser.get(f"{PRODUCTS}{product.pk}/change/")
    assert page.status_code == 200
    assert 'name="uploads"' not in page.content.decode()
    assert upload(browser, product, saved(drawn())).status_code == 403
    assert files(media) == {}


@pytest.mark.parametrize("image", ["old.jpg", "https://example.org/products/b.jpg", "products/ab/ab.jpg", ""])
def test_no_thumbnail_of_what_was_not_uploaded(image: str) -> None:
    assert thumbnail(image) is None


def test_files_are_written_before_any_row_is_locked(
    admin_client: Client, make_product: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_product()
    before = Product.objects.values().get()
    asked: list[str] = []

    def full(picture: Picture) -> None:
        asked.extend(query["sql"] for query in queries.captured_queries)
        raise OSError("No space left on device")

    monkeypatch.setattr(Picture, "store", full)
    with CaptureQueriesContext(connection) as queries, pytest.raises(OSError, match="No space"):
        upload(admin_client, product, saved(drawn()))
    assert asked
    assert not [sql for sql in asked if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE")) or "UPDATE" in sql]
    # Checks of constraints come and go; the save's own transaction has not begun.
    assert len([sql for sql in asked if sql.startswith("SAVEPOINT")]) == len(
        [sql for sql in asked if sql.startswith("RELEASE")]
    )
    assert Product.objects.values().get() == before
