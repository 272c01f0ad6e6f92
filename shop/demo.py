"""What `make run` does once the database is up: fill the shop, say where it is, start its processes.

Everything it makes up is only ever made up with DEBUG on, and only where nothing is yet.
"""

import json
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

STAFF_NAME, STAFF_PASSWORD = "admin", "admin-of-the-demo"


def main() -> None:
    """Prepare the shop, then turn into the process manager."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    os.environ.setdefault("PORT", "8000")  # the process manager would choose another
    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(f"botshop cannot start: {error}")
    call_command("migrate", verbosity=0)
    call_command("seed", if_empty=True)
    print(_banner(f"http://127.0.0.1:{os.environ['PORT']}"), flush=True)
    os.execv(sys.executable, [sys.executable, "-m", "honcho", "start"])  # noqa: S606 - our own Procfile


def _banner(address: str) -> str:
    staff = _demo_staff()
    return f"""
  The shop        {address}/
  The back office {address}/admin/{staff}
  The API's pages {address}/docs
{_demo_order(address)}
  Ctrl-C stops everything.
"""


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
    from accounts.demo import signed_init_data
    from catalog.models import Product

    signed = signed_init_data()
    if signed is None:
        return ""
    product = Product.objects.on_sale().filter(stock__gt=0).order_by("pk").first()
    body = {
        "items": [{"product_id": product.pk if product else 1, "quantity": 1}],
        "phone": "+7 912 345-67-89",
        "address": "Вологда, Мира 1",
    }
    return f"""
  Place an order as a demo customer (signed for an hour):

curl {address}/api/v1/orders -H 'Content-Type: application/json' -H 'Authorization: tma {signed}' \
  -d '{json.dumps(body, ensure_ascii=False)}'

  The manager's message appears below.
"""


if __name__ == "__main__":
    main()
