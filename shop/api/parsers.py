"""Strict JSON parser of request bodies: refuses JSON that different parsers could read differently."""

import codecs
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

# An order of 100 items with texts of maximum length has about 20 KB.
MAX_BODY = 64 * 1024


class BodyTooLarge(APIException):
    """The body has more than MAX_BODY bytes."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"

    def __init__(self) -> None:
        super().__init__(_("The body is longer than %(limit)s bytes.") % {"limit": MAX_BODY})


class MalformedJSON(ParseError):
    """The body is not JSON, or is ambiguous JSON."""

    default_code = "malformed_json"


class StrictJSONParser(JSONParser):
    """Parser of JSON (RFC 8259) in UTF-8, with a size limit, without duplicate keys and NaN."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Parse one JSON object.

        :raises BodyTooLarge: beyond MAX_BODY bytes.
        :raises MalformedJSON: for any other error.
        """
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise BodyTooLarge
        try:
            data = json.loads(codecs.decode(body, "utf-8"), object_pairs_hook=_object, parse_constant=_refuse_constant)
        except RecursionError:
            raise MalformedJSON(_("The JSON is nested too deeply.")) from None
        except UnicodeDecodeError:
            raise MalformedJSON(_("The body is not UTF-8.")) from None
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise MalformedJSON(_("The body is not JSON: see line %(line)s, column %(column)s.") % place) from None
        except ValueError:
            raise MalformedJSON(_("A number in the body has too many digits.")) from None
        if not isinstance(data, dict):
            raise MalformedJSON(_("The body must be a JSON object."))
        return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise MalformedJSON(_("Duplicate key in a JSON object."))
    return result


def _refuse_constant(name: str) -> None:
    raise MalformedJSON(_("%(name)s is not a number in JSON.") % {"name": name})
