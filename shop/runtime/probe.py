"""`python -m shop.runtime.probe`: health check of the web server on this machine, for containers.

It reads only the environment: loading the settings would take half a second, every 10 seconds.
"""

import os
import sys
import urllib.request
from urllib.error import URLError

TIMEOUT = 4.0  # seconds; the Dockerfile's HEALTHCHECK gives 5


def host() -> str:
    """Return a host name of ALLOWED_HOSTS."""
    name = os.environ.get("ALLOWED_HOSTS", "").partition(",")[0].strip().removeprefix(".")
    return name if name not in ("", "*") else "localhost"


def main() -> None:
    """Exit with 0 if the web server responds, else with 1 and a message."""
    address = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/health"
    request = urllib.request.Request(address, headers={"Host": host()})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310
            pass
    except (URLError, OSError) as error:
        sys.exit(f"The web server does not answer: {error}")


if __name__ == "__main__":
    main()
