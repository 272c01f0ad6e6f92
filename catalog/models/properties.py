"""Validation of the properties that a product lists."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_PROPERTIES = 40
MAX_NAME = 100
MAX_VALUE = 500


def validate_properties(properties: object) -> None:
    """Check the properties of a product: a list of {name, value}, each name once.

    :raises ValidationError: if anything else is in it; the sentence names the property.
    """
    if not isinstance(properties, list) or len(properties) > MAX_PROPERTIES:
        raise ValidationError(_("List at most %(limit)s properties."), params={"limit": MAX_PROPERTIES})
    names = set()
    for each in properties:
        if not isinstance(each, dict) or each.keys() != {"name", "value"}:
            raise ValidationError(_("A property has a name and a value."))
        name, value = each["name"], each["value"]
        if not _is_line(name, MAX_NAME) or not _is_line(value, MAX_VALUE) or ":" in name:
            sentence = _(
                "“%(name)s” is no property: its name has at most %(name_limit)s characters and no colon, its value at "
                "most %(value_limit)s characters."
            )
            params = {"name": str(name)[:MAX_NAME], "name_limit": MAX_NAME, "value_limit": MAX_VALUE}
            raise ValidationError(sentence, params=params)
        if name.casefold() in names:
            raise ValidationError(_("Write the property “%(name)s” once."), params={"name": name})
        names.add(name.casefold())


def _is_line(text: object, limit: int) -> bool:
    return isinstance(text, str) and 0 < len(text) <= limit and text.splitlines() == [text.strip()]
