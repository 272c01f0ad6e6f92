"""The shop's own settings, with folders that belong to one run of the tests."""

import os
from pathlib import Path

from shop.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["E2E_FOLDER"]) / "static"
MEDIA_ROOT = Path(os.environ["E2E_FOLDER"]) / "media"
ROOT_URLCONF = "e2e.urls"
