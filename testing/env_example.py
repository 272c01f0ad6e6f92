"""Names of all settings, from `.env.example` (`test_env_example.py` checks that it is complete)."""

import re
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[1] / ".env.example"
NAMES = frozenset(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))
