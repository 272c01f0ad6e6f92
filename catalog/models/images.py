"""Validation of the pictures that a row lists."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

MAX_IMAGES = 20


def validate_picture(image: str) -> None:
    """Check a picture: a web address, or a path below the media folder.

    :raises ValidationError: if it is anything else.
    """
    validate_images([image])


def validate_images(images: object) -> None:
    """Check the pictures of a product: a list of web addresses or of paths below MEDIA_ROOT.

    :raises ValidationError: if anything else is in it.
    """
    if not isinstance(images, list) or len(images) > MAX_IMAGES:
        raise ValidationError(_("List at most %(limit)s pictures.") % {"limit": MAX_IMAGES})
    for image in images:
        if not isinstance(image, str) or not image or len(image) > 500:
            raise ValidationError(_("A picture is a web address or a path of at most 500 characters."))
        if "://" in image:
            URLValidator(schemes=["http", "https"])(image)
        elif image.startswith("/") or ".." in image.split("/"):
            raise ValidationError(_("Write the path of a picture as it is below the media folder."))
