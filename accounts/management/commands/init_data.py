"""`manage.py init_data`: sign init data for curl."""

import json
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from accounts import init_data


class Command(BaseCommand):
    help = (
        "Print init data of a made-up visit, for `Authorization: tma …`. With DEBUG on it is good for requests of this "
        "machine alone; with DEBUG off it is signed with the bot's token."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the user's fields as Telegram reports them."""
        parser.add_argument("--user-id", type=int, required=True)
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--username", default="")
        parser.add_argument("--language-code", default="ru")

    def handle(self, **options: Any) -> None:
        """Print init data as one line."""
        if not 0 < options["user_id"] <= init_data.MAX_USER_ID:
            raise CommandError(f"--user-id: write a number from 1 to {init_data.MAX_USER_ID}")
        names = ("first_name", "last_name", "username", "language_code")
        user = {"id": options["user_id"]} | {name: options[name] for name in names if options[name]}
        if settings.DEBUG:
            self.stdout.write(import_string(settings.DEMO_INIT_DATA)(user))
            return
        fields = {"auth_date": str(int(time.time())), "user": json.dumps(user, ensure_ascii=False)}
        self.stdout.write(init_data.sign(fields, settings.TELEGRAM_BOT_TOKEN))
