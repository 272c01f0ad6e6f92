"""The recipes of CONTRIBUTING.md name files, settings and targets that exist."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
QUOTED = set(re.findall(r"`([^`\n]+)`", TEXT))


def test_files_exist() -> None:
    paths = {path for path in QUOTED if re.fullmatch(r"\.?[\w.-]+(/[\w.-]+)*/?[\w.-]*\.[a-z]+", path) and "/" in path}
    assert len(paths) > 30
    # Those of the scripts are named from the folder of the sentence.
    places = (ROOT, ROOT / "storefront" / "static" / "storefront")
    assert {path for path in paths if not any((place / path).exists() for place in places)} == set()


def test_settings_exist() -> None:
    names = {name for name in QUOTED if re.fullmatch(r"(ORDER|CHANNELS|LANGUAGE)[A-Z_]*", name)}
    assert {"ORDER_SUBSCRIBERS", "ORDER_ADJUSTMENTS", "CHANNELS", "LANGUAGES"} <= names
    assert {name for name in names if not hasattr(settings, name)} == set()


def test_targets_exist() -> None:
    targets = set(re.findall(r"make ([a-z-]+)", TEXT)) - {"are"}
    assert {"run", "lint", "test", "messages", "lock"} <= targets
    assert targets <= set(re.findall(r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
