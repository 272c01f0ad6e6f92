"""Processing of uploaded pictures: checked, rotated by EXIF, stripped of metadata, scaled, stored with a thumbnail."""

import hashlib
import logging
import threading
import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

logger = logging.getLogger(__name__)

MAX_MEGABYTES = 10
MAX_MEGAPIXELS = 40
MAX_SIDE = 2000  # pixels: more than any phone shows
THUMBNAIL_SIDE = 480  # pixels: half the width of a phone's screen
FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]
SRGB = ImageCms.createProfile("sRGB")

# From a header of 90 megapixels on Pillow warns, and goes on.
warnings.simplefilter("error", Image.DecompressionBombWarning)
# A decoded picture takes up to 4 bytes a pixel, several times over: not in all threads at once.
_decoding = threading.Lock()


@dataclass
class Picture:
    """A picture as it will be stored.

    :param name: its media path, which is made of the hash of its bytes and its size.
    :param files: contents by media path: the picture, and its thumbnail.
    """

    name: str
    files: dict[str, bytes]
    stored: bool = False

    def store(self) -> None:
        """Write what is not there yet.

        :raises ValidationError: if the disk is full or cannot be written to; a form may show the sentence.
        """
        try:
            for name, content in self.files.items():
                _write(name, content)
        except OSError as error:
            logger.error("A picture could not be stored: %s", error.strerror)
            raise ValidationError(
                _("The server cannot store the picture (%(reason)s). Tell whoever runs the shop, then try again."),
                code="not_stored",
                params={"reason": error.strerror},
            ) from error
        self.stored = True


def _write(name: str, content: bytes) -> None:
    # A half-written file, left by a full disk, has the right name and the wrong size.
    if default_storage.exists(name):
        if default_storage.size(name) == len(content):
            return
        default_storage.delete(name)
    default_storage.save(name, ContentFile(content))


def prepare(file: "UploadedFile[bytes]") -> Picture:
    """Make a picture of an uploaded JPEG, PNG, WebP or GIF (its first frame); store nothing.

    The result is sRGB without metadata, at most MAX_SIDE pixels a side: a JPEG, or a WebP if parts are transparent.

    :raises ValidationError: if it is no such picture, is damaged or too large; the sentence names the file.
    """
    if (file.size or 0) > MAX_MEGABYTES * 1_000_000:
        raise _refusal(file, _("“%(file)s” is too large: at most %(limit)s MB, please."), MAX_MEGABYTES)
    with _decoding:
        image = _decode(file)
        thumbnail = image.copy()
        thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        if image.mode == "RGBA":
            extension, content = "webp", _encode(image, "WEBP", quality=88)
        else:
            extension, content = "jpg", _encode(image, "JPEG", quality=88, optimize=True, progressive=True)
        small = _encode(thumbnail, "WEBP", quality=80)
    digest = hashlib.sha256(content).hexdigest()
    stem = f"products/{digest[:2]}/{digest}-{image.width}x{image.height}"
    name = f"{stem}.{extension}"
    return Picture(name, {name: content, f"{stem}.thumb.webp": small})


def _decode(file: "UploadedFile[bytes]") -> Image.Image:
    file.seek(0)
    try:
        # This reads the header only.
        image: Image.Image = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(file) from None
    except Exception:  # noqa: BLE001 - what Pillow's parsers raise on bad bytes is of a dozen kinds
        raise _refusal(file, _("“%(file)s” is not a JPEG, PNG, WebP or GIF picture.")) from None
    if image.width * image.height > MAX_MEGAPIXELS * 1_000_000:
        raise _too_many_pixels(file)
    try:
        # A JPEG can be decoded at a half or a quarter of its size; others do not mind.
        image.draft(None, (MAX_SIDE, MAX_SIDE))
        image.load()
        return _upright_in_srgb(image)
    except Exception:  # noqa: BLE001 - as above
        raise _refusal(file, _("“%(file)s” is damaged and cannot be read to its end.")) from None


def _upright_in_srgb(image: Image.Image) -> Image.Image:
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode.startswith("I"):
        # 16 bits of grey: a plain conversion would make nearly all of it white.
        image = image.point(lambda value: value / 256).convert("L")
    elif mode == "RGBA" or image.mode in {"1", "P"}:
        image = image.convert(mode)  # palettes cannot be scaled smoothly
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    ImageOps.exif_transpose(image, in_place=True)
    image = _in_srgb(image, mode)
    if mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    # What is left of the original but pixels is comments, places, profiles and dates.
    image.info = {}
    return image


def _in_srgb(image: Image.Image, mode: str) -> Image.Image:
    profile = image.info.get("icc_profile")
    # A wrong profile is no reason to refuse a picture: then its colours are taken as they are.
    with suppress(ImageCms.PyCMSError, OSError):
        if profile:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, SRGB, outputMode=mode) or image
    return image.convert(mode)


def _encode(image: Image.Image, image_format: str, **options: Any) -> bytes:
    output = BytesIO()
    image.save(output, image_format, **options)
    return output.getvalue()


def _too_many_pixels(file: "UploadedFile[bytes]") -> ValidationError:
    return _refusal(file, _("“%(file)s” has too many pixels: at most %(limit)s million, please."), MAX_MEGAPIXELS)


def _refusal(file: "UploadedFile[bytes]", sentence: str, limit: int | None = None) -> ValidationError:
    return ValidationError(sentence % {"file": file.name, "limit": limit})
