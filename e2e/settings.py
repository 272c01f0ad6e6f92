"""The shop's settings, with the folders of one test run."""

import os
from pathlib import Path

from shop.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["E2E_FOLDER"]) / "static"
MEDIA_ROOT = Path(os.environ["E2E_FOLDER"]) / "media"
ROOT_URLCONF = "e2e.urls"
