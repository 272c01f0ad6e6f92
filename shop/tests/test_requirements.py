"""Locked requirements: all packages of the .in files, with hashes, from the public index only, in one version."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ("requirements", "requirements-s3", "requirements-dev", "bench/requirements", ".ci/requirements")
LOCKED = [f"{name}.in" for name in NAMES]
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)( ; .*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    """Return version by package of a locked file."""
    text = (ROOT / name).with_suffix(".txt").read_text()
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    assert PINNED.sub("", body) == ""  # nothing else is in it: no option, no address, no path
    return {match[1]: match[2] for match in PINNED.finditer(body)}


def named(name: str) -> set[str]:
    """Return the packages that an .in file names, those of files it includes too."""
    lines = [line.strip() for line in (ROOT / name).read_text().splitlines()]
    included = {each for line in lines if line.startswith("-r ") for each in named(line.removeprefix("-r "))}
    own = {re.split(r"[^a-z0-9-]", line)[0] for line in lines if line and not line.startswith(("#", "-"))}
    return own | included


def test_every_file_is_checked() -> None:
    found = [path for path in ROOT.glob("**/requirements*.in") if ".venv" not in path.parts]
    assert sorted(found) == sorted(ROOT / name for name in LOCKED)


@pytest.mark.parametrize("name", LOCKED)
def test_every_named_package_is_locked(name: str) -> None:
    assert named(name) - locked(name).keys() == set()


def test_tests_and_server_have_the_same_versions() -> None:
    development = locked("requirements-dev.in")
    for name in LOCKED:
        versions = locked(name)
        both = versions.keys() & development.keys()
        assert {package for package in both if versions[package] != development[package]} == set()
    assert locked("requirements.in").keys() <= development.keys()
