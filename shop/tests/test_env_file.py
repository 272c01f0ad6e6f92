"""Parser of `.env`: each form of a line, and errors of invalid lines."""

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from shop import env_file


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=x", "x"),
        ("NAME=", ""),
        ("NAME= ", ""),
        ("NAME=x y  ", "x y"),
        ("export NAME=x", "x"),
        ("  NAME = x", "x"),
        ("NAME='x y'", "x y"),
        ('NAME="x y"', "x y"),
        ('NAME = "x y"  ', "x y"),
        ("NAME=''", ""),
        ("NAME=x#y", "x#y"),
        ("NAME=#x", "#x"),
        ("NAME=x # a comment", "x"),
        ("NAME=x\t# a comment", "x"),
        ("NAME= # a comment", ""),
        ("NAME='x # y' # a comment", "x # y"),
        ('NAME="x # y"', "x # y"),
        ("NAME=it's", "it's"),
        ("NAME=a=b&c=d", "a=b&c=d"),
        ("NAME=$HOME", "$HOME"),
        ('NAME="$HOME ${HOME}"', "$HOME ${HOME}"),
        (r'NAME="a\"b\\c\n"', r"a\"b\c\n".replace(r"\"", '"')),
        (r"NAME='a\"b\\c'", r"a\"b\\c"),
        (r"NAME=a\b", r"a\b"),
        ("NAME=Мир ☕", "Мир ☕"),
        ("NAME=x\u2028y\x0bz", "x\u2028y\x0bz"),
        ("NAME=first\nNAME=second", "second"),
        ("# NAME=y\n\n  # NAME=z\nNAME=x\n", "x"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_value_is_parsed(line: str, value: str, newline: str, start: str, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes((start + line + "\nLAST=1").replace("\n", newline).encode())
    assert env_file.read(path) == {"NAME": value, "LAST": "1"}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("secret-word", ".env: line 2 is not understood; write NAME=value"),
        ("A-B=secret-word", ".env: line 2 is not understood; write NAME=value"),
        ("NAME: secret-word", ".env: line 2 is not understood; write NAME=value"),
        ("1NAME=secret-word", ".env: line 2 is not understood; write NAME=value"),
        ("=secret-word", ".env: line 2 is not understood; write NAME=value"),
        ("NAME=secret\0word", ".env: line 2 is not understood; write NAME=value"),
        ('NAME="secret-word', ".env: line 2, NAME: the quotes do not enclose the whole value"),
        ("NAME='secret'word'", ".env: line 2, NAME: the quotes do not enclose the whole value"),
        ('NAME="secret" word', ".env: line 2, NAME: the quotes do not enclose the whole value"),
        ('NAME="secret-word\\"', ".env: line 2, NAME: the quotes do not enclose the whole value"),
        ("NAME='secret\nword'", ".env: line 2, NAME: the quotes do not enclose the whole value"),
    ],
)
def test_invalid_line_is_reported_by_number_without_its_text(line: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(f"FIRST=1\n{line}\n")
    with pytest.raises(ImproperlyConfigured) as caught:
        env_file.read(path)
    assert str(caught.value) == sentence
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251"])
def test_other_encoding_is_reported(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("NAME=секрет\n", encoding=encoding)
    with pytest.raises(ImproperlyConfigured, match=r"^\.env: is not UTF-8; save it anew in that encoding$"):
        env_file.read(path)


def test_unreadable_file_is_reported(tmp_path: Path) -> None:
    """Not taken for an empty one: the sentence would be that some setting is missing."""
    (tmp_path / ".env").mkdir()
    with pytest.raises(ImproperlyConfigured, match=r"^\.env: cannot be read \(Is a directory\)$"):
        env_file.read(tmp_path / ".env")


def test_missing_file_is_an_empty_one(tmp_path: Path) -> None:
    assert env_file.read(tmp_path / ".env") == {}


def test_environment_takes_precedence_even_if_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ".env"
    path.write_text("GIVEN=file\nEMPTY=file\nLACKING=file\n")
    monkeypatch.setattr(os, "environ", {"GIVEN": "environment", "EMPTY": ""})
    env_file.load(path)
    assert os.environ == {"GIVEN": "environment", "EMPTY": "", "LACKING": "file"}
