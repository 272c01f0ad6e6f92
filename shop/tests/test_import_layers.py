"""Contract of import-linter: allowed and refused imports, and that it covers every app."""

import configparser
import tomllib
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph

from testing import messages
from testing.import_layers import AppLayers

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIG: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
(CONTRACT,) = CONFIG["contracts"]


def kept(importer: str, imported: str) -> bool:
    """Tell whether the contract allows an import."""
    graph = ImportGraph()
    for module in (*CONFIG["root_packages"], importer, imported):
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported)
    contract = AppLayers(CONTRACT["name"], CONFIG, {"layers": CONTRACT["layers"]})
    return contract.check(graph, verbose=False).kept


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("orders.lifecycle", "catalog.models"),
        ("catalog.models", "shop.money"),
        ("storefront.views", "orders.statuses"),
        ("demo.products", "catalog.models"),
        ("e2e.conftest", "testing.web"),
    ],
)
def test_import_downwards_is_allowed(importer: str, imported: str) -> None:
    assert kept(importer, imported)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("shop.wsgi", "catalog.models"),
        ("catalog.models", "orders.services"),
        ("catalog.models", "accounts.models"),
        ("orders.services", "notifications.services"),
        ("orders.services", "storefront.views"),
        ("storefront.views", "demo.products"),
        ("shop.settings", "testing.web"),
    ],
)
def test_import_upwards_is_reported(importer: str, imported: str) -> None:
    assert not kept(importer, imported)
    package = importer.partition(".")[0]
    assert kept(f"{package}.tests.test_it", imported)


def test_every_package_has_a_layer() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    layers = {name.strip() for layer in CONTRACT["layers"] for name in layer.replace("|", ":").split(":")}
    assert set(CONFIG["root_packages"]) == layers == packages
    assert "ignore_imports" not in CONTRACT


def test_tests_of_every_package_are_run() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "pytest.ini")
    with_tests = {path.parent.name for path in ROOT.glob("*/tests") if path.parent.name in CONFIG["root_packages"]}
    assert set(config["pytest"]["testpaths"].split()) == with_tests


def test_sentences_of_every_served_package_are_translated() -> None:
    in_development = {"bench", "demo", "e2e", "pgbouncer", "testing"}
    assert set(messages.APPS) == set(CONFIG["root_packages"]) - in_development
