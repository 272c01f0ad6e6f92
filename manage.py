#!/usr/bin/env python3
"""Django's command line."""

import os
import sys


def main() -> None:
    """Run a management command; a wrong configuration ends it with one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"botshop cannot start: {error}")


if __name__ == "__main__":
    main()
