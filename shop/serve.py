"""`python -m shop.serve`: check the configuration, then become gunicorn.

gunicorn reads WEB_CONCURRENCY itself, before any configuration file, and ends with a traceback if it is not a number.
"""

import os
import sys

from shop.runtime import gunicorn  # ends the start with one line if a value is wrong


def main() -> None:
    """Replace this process by gunicorn's."""
    os.environ["WEB_CONCURRENCY"] = str(gunicorn.workers)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:shop.runtime.gunicorn", "shop.wsgi", *sys.argv[1:]]
    os.execv(sys.executable, command)  # noqa: S606 - our own command line


if __name__ == "__main__":
    main()
