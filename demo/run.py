"""Last step of `make run`, after the start of PostgreSQL: seed the shop, print its addresses, start its processes.

Demo data is created only with DEBUG on; existing data is not changed.
"""

import json
import os
import socket
import sys

import django
from django.core.management import call_command

from shop import env_file
from shop.runtime import gunicorn  # exits with one line if a value is wrong

STAFF_NAME, STAFF_PASSWORD = "admin", "admin-of-the-demo"


def main() -> None:
    """Prepare the shop, then exec the process manager."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    _require_free(gunicorn.port)
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("seed", if_empty=True)
    print(_banner(f"http://127.0.0.1:{gunicorn.port}"), flush=True)
    # honcho would read .env itself, and let the file override the environment. It always sets PORT in its processes.
    honcho = ["-m", "honcho", "start", "--env", os.devnull, "--port", str(gunicorn.port)]
    os.execv(sys.executable, [sys.executable, *honcho])  # noqa: S606 - our own Procfile


def _require_free(port: int) -> None:
    """Exit with one line if the port cannot be used by the web server."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn's
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(
                f"botshop cannot start: PORT: {port} cannot be used ({error.strerror}); "
                f"stop what listens there, or take another: PORT={port % 65535 + 1} make run"
            )


def _banner(address: str) -> str:
    staff = _demo_staff()
    return f"""
  The shop        {address}/
  The back office {address}/admin/{staff}
  The API's pages {address}/docs
{_overridden()}{_demo_order(address)}
  Ctrl-C stops everything.
"""


def _overridden() -> str:
    """Name the lines of .env that the environment overrides, such as a DATABASE_URL."""
    from django.conf import settings

    values = env_file.read(settings.BASE_DIR / ".env")
    names = sorted(name for name, value in values.items() if os.environ[name] != value)
    return f"\n  Not taken from .env, the environment says otherwise: {', '.join(names)}\n" if names else ""


def _demo_staff() -> str:
    from django.conf import settings

    from accounts.models import User

    if not settings.DEBUG:
        return ""
    if not User.objects.filter(is_superuser=True).exists():
        User.objects.create_superuser(STAFF_NAME, password=STAFF_PASSWORD)
    demo = User.objects.filter(username=STAFF_NAME).first()
    return f"   ({STAFF_NAME} / {STAFF_PASSWORD})" if demo and demo.check_password(STAFF_PASSWORD) else ""


def _demo_order(address: str) -> str:
    from django.conf import settings

    from catalog.models import Product
    from demo import sign_in
    from merchant.current import current

    if not settings.DEBUG:
        return ""
    product = Product.objects.on_sale().filter(is_available=True).exclude(variant_id=None).order_by("pk").first()
    body = {
        "items": [{"variant_id": product.variant_id if product else 1, "quantity": 1}],
        "phone": "+7 912 345-67-89",
        "address": "Вологда, Мира 1",
        "consent": current().consent,
    }
    authorization = f"Authorization: tma {sign_in.sign(sign_in.CUSTOMER)}"
    return f"""
  Place an order as a demo customer (signed for an hour, for this machine alone):

curl {address}/api/v1/orders -H 'Content-Type: application/json' -H '{authorization}' \
  -d '{json.dumps(body, ensure_ascii=False)}'

  {_managers()}
"""


def _managers() -> str:
    from django.conf import settings

    if settings.TELEGRAM_BOT_TOKEN and settings.TELEGRAM_TO_CONSOLE:
        return (
            "The managers' message appears below, because MANAGER_CHAT_ID is not set:\n"
            "  `DEBUG=on .venv/bin/python manage.py bot check` shows the ids of chats."
        )
    if settings.TELEGRAM_TO_CONSOLE:
        return "The managers' message appears below."
    if settings.MANAGER_CHAT_IDS:
        return f"The managers' message arrives in Telegram, in {', '.join(settings.MANAGER_CHAT_IDS)}."
    return "The managers' message goes by e-mail to ADMIN_EMAILS."


if __name__ == "__main__":
    main()
