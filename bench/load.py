"""Load generators: wrk, which uses the least CPU time, or else k9 from PyPI."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

CONNECTIONS = 16
REPLAY = Path(__file__).with_name("replay.lua")


class Request(NamedTuple):
    """Request to send; with a body it is a POST."""

    path: str
    authorization: str = ""
    body: str = ""


class Result(NamedTuple):
    """Result of a run; times are in milliseconds."""

    rate: float
    p50: float
    p99: float
    answered: int
    failed: int  # 4xx, 5xx or no response


def generator() -> str:
    """Return the name of the available load generator."""
    return "wrk" if shutil.which("wrk") else "k9"


def load(url: str, requests: Sequence[Request], *, seconds: int) -> Result:
    """Send the requests repeatedly in order on persistent connections, each after the previous response."""
    with tempfile.TemporaryDirectory(prefix="botshop-load-") as folder:
        run = _wrk if generator() == "wrk" else _k9
        return run(url, requests, seconds, Path(folder))


def _wrk(url: str, requests: Sequence[Request], seconds: int, folder: Path) -> Result:
    file, name = folder / "requests", uuid4().hex
    file.write_text("".join("\t".join((*request, name)) + "\n" for request in requests))
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "-s", str(REPLAY), url, "--", str(file)]
    done = json.loads(_run(command).splitlines()[-1])
    return Result(done["answered"] / done["seconds"], done["p50"], done["p99"], done["answered"], done["failed"])


def _k9(url: str, requests: Sequence[Request], seconds: int, folder: Path) -> Result:
    step: dict[str, Any] = {"method": "GET", "url": url + "{{ asked.path }}", "headers": {}}
    if requests[0].authorization:
        step["headers"]["Authorization"] = "{{ asked.authorization }}"
    if requests[0].body:
        step |= {"method": "POST", "body": "{{ asked.body }}"}
        step["headers"] |= {"Content-Type": "application/json", "Idempotency-Key": "{{ uuid() }}"}
    plan = {
        "options": {"vus": CONNECTIONS, "duration": f"{seconds}s"},
        "feeders": {"asked": {"mode": "sequential", "rows": [request._asdict() for request in requests]}},
        "flows": {"default": [{"request": step}]},
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    summary = folder / "summary.json"
    command = [str(Path(sys.executable).with_name("k9")), "run", "--quiet", "--discard-response-bodies"]
    _run([*command, "--summary-trend-stats=med,p(99)", f"--summary-export={summary}", str(folder / "plan.json")])
    done = json.loads(summary.read_text())["metrics"]
    times, all_of_them = done["http_req_duration"], done["http_reqs"]
    failed = int(done["http_req_failed"]["passes"])  # a rate of failures: a failed request "passes"
    return Result(all_of_them["rate"], times["med"], times["p(99)"], int(all_of_them["count"]), failed)


def _run(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own
