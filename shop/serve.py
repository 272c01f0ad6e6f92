"""`python -m shop.serve`: check the configuration, then exec gunicorn.

gunicorn reads WEB_CONCURRENCY before any configuration file, and fails with a traceback if it is not a number.
"""

import os
import sys

from shop.runtime import gunicorn  # exits with one line if a value is wrong


def main() -> None:
    """Replace this process with gunicorn."""
    os.environ["WEB_CONCURRENCY"] = str(gunicorn.workers)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:shop.runtime.gunicorn", "shop.wsgi", *sys.argv[1:]]
    os.execv(sys.executable, command)  # noqa: S606 - our own command line


if __name__ == "__main__":
    main()
