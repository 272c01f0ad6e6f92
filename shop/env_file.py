"""Parser of `.env`. Not honcho's: its grammar differs, and it lets the file override the environment."""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=(?P<value>.*)")
_QUOTED = re.compile(r"""(?:'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)")(?:\s+#.*)?""")
_COMMENT = re.compile(r"\s#.*")


def load(path: Path) -> None:
    """Set the variables of the file that the environment does not have; an empty variable is not overridden."""
    for name, value in read(path).items():
        os.environ.setdefault(name, value)


def read(path: Path) -> dict[str, str]:
    """Return the values by name; a missing file is an empty one, and the last line of a name wins.

    A line is `NAME=value`, with or without `export`. A ` #` begins a comment. A value in quotes may contain one; in
    double quotes `\\"` and `\\\\` stand for `"` and `\\`. There is no `$` expansion: passwords have that character too.

    :raises ImproperlyConfigured: for a line of another form. It names the line, never its text: that may be a secret.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # editors on Windows write a BOM
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ImproperlyConfigured(f"{path.name}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{path.name}: is not UTF-8; save it anew in that encoding") from None
    values = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        assignment = _ASSIGNMENT.fullmatch(line)
        if assignment is None or "\0" in line:
            raise ImproperlyConfigured(f"{path.name}: line {number} is not understood; write NAME=value")
        name = assignment["name"]
        try:
            values[name] = _value(assignment["value"])
        except ValueError as error:
            raise ImproperlyConfigured(f"{path.name}: line {number}, {name}: {error}") from None
    return values


def _value(raw: str) -> str:
    stripped = raw.strip()
    if not stripped.startswith(("'", '"')):
        return _COMMENT.sub("", raw).strip()
    quoted = _QUOTED.fullmatch(stripped)
    if quoted is None:
        raise ValueError("the quotes do not enclose the whole value")
    if quoted["single"] is not None:
        return quoted["single"]
    return re.sub(r'\\(["\\])', r"\1", quoted["double"])
