"""Production processes import no module of the demo."""

import json
import subprocess
import sys

import pytest

from testing.web import REPOSITORY

# Init data that was not signed with the bot's token is checked with the demo's key, if there is one.
WEB = """
import json, sys, time
from wsgiref.util import setup_testing_defaults
from django.urls import get_resolver
from shop.wsgi import application
from accounts import init_data

signed = init_data.sign({"auth_date": str(int(time.time())), "user": '{"id": 1}'}, "key of nobody")

def status_of(path):
    environ = {"PATH_INFO": path, "HTTP_HOST": "localhost", "HTTP_AUTHORIZATION": f"tma {signed}"}
    environ |= {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}
    setup_testing_defaults(environ)
    statuses = []
    b"".join(application(environ, lambda status, headers: statuses.append(status[:3])))
    return statuses[-1]

get_resolver().url_patterns
statuses = [status_of(path) for path in ("/api/v1/products", "/api/v1/orders/my", "/health")]
"""
WORKER = """
import json, sys
import shop.worker
import django
django.setup()
from procrastinate.contrib.django import app
statuses = [bool(app.tasks)]
"""
FOUND = """
print(json.dumps([statuses, sorted(name for name in sys.modules if name.split(".")[0] == "demo")]))
"""


def run(program: str, environment: dict[str, str]) -> tuple[list[object], list[str]]:
    """Run a program; return its results, and the modules of the demo that it has imported."""
    command = [sys.executable, "-c", program + FOUND]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True)
    statuses, modules = json.loads(done.stdout.splitlines()[-1])
    return statuses, modules


@pytest.mark.parametrize(("debug", "modules"), [("off", []), ("on", ["demo", "demo.sign_in"])])
def test_web_server_imports_the_demo_only_with_debug_on(
    debug: str, modules: list[str], subprocess_env: dict[str, str]
) -> None:
    assert run(WEB, subprocess_env | {"DEBUG": debug}) == (["200", "401", "200"], modules)


def test_worker_does_not_import_the_demo(subprocess_env: dict[str, str]) -> None:
    assert run(WORKER, subprocess_env | {"DEBUG": "off"}) == ([True], [])
