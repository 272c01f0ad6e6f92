"""The API against requests that schemathesis makes from the OpenAPI file, valid, invalid and one after the other."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Headers, Make
from testing.orders import MakeOrder
from testing.web import REPOSITORY, web

CONFIG = Path(__file__).with_name("schemathesis.toml")
# Its requests come in seconds.
UNLIMITED = {"THROTTLE_ANON": "", "THROTTLE_USER": "", "THROTTLE_ORDERS": "", "THROTTLE_WORK": ""}


@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_nothing(
    subprocess_env: dict[str, str], alice: Headers, make_order: MakeOrder, make_product: Make, tmp_path: Path
) -> None:
    """All checks and phases of schemathesis, on a real server with its response cache."""
    for stock in (None, 0, 5):
        make_product(stock=stock, description="Green tea")
    make_order()  # of the customer `alice`: the links lead to it
    with web(subprocess_env | UNLIMITED, tmp_path / "log") as url:
        found = subprocess.run(
            [
                *(Path(sys.executable).with_name("schemathesis"), "--config-file", CONFIG),
                *("run", f"{url}/api/v1/schema", "--header", f"Authorization: {alice['HTTP_AUTHORIZATION']}"),
                *("--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "20"),
                *("--no-color", "--warnings", "off"),
            ],
            cwd=tmp_path,  # it leaves files
            env=subprocess_env | {"PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    assert found.returncode == 0, found.stdout + found.stderr
    covered = re.search(r"API Links: +([0-9]+) covered", found.stdout)
    assert covered, found.stdout
    assert int(covered[1]) > 0
