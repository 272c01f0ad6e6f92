"""The customer of a demo shop."""

import json
import time

from django.conf import settings

from accounts import init_data

CUSTOMER = {"id": 1000000042, "first_name": "Демо", "last_name": "Покупатель", "username": "demo_customer"}


def signed_init_data() -> str | None:
    """Sign the demo customer in, so that a shop without Telegram can be tried; None with DEBUG off or a real bot.

    What a real bot has signed, another shop with the same bot would believe.
    """
    if not (settings.DEBUG and settings.TELEGRAM_TO_CONSOLE):
        return None
    fields = {"auth_date": str(int(time.time())), "user": json.dumps(CUSTOMER, ensure_ascii=False)}
    return init_data.sign(fields, settings.TELEGRAM_BOT_TOKEN)
