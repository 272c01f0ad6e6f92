"""`manage.py bot check`: check the configuration of the bot and of the managers' chats."""

import io
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from notifications.bot_check import check
from shop.telegram.bot_api import BotAPI


class Command(BaseCommand):
    help = "Look after the Telegram bot."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the subcommands."""
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser(
            "check",
            help="say who the bot is and which chats wrote to it, and send a test message to each of MANAGER_CHAT_ID",
        )

    def handle(self, **options: Any) -> None:
        """Print the report; exit with 1 if it has an error."""
        if not settings.TELEGRAM_BOT_TOKEN:
            raise CommandError("TELEGRAM_BOT_TOKEN: is not set; put the token that @BotFather gave into .env")
        if isinstance(sys.stdout, io.TextIOWrapper):  # for names with characters that the terminal cannot encode
            sys.stdout.reconfigure(errors="replace")
        chat_ids = [] if settings.TELEGRAM_TO_CONSOLE else settings.MANAGER_CHAT_IDS
        wrong = 0
        with BotAPI(settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_API_URL) as bot:
            for finding in check(bot, chat_ids):
                self.stdout.write(finding.text, self.style.ERROR if finding.is_wrong else None)
                wrong += finding.is_wrong
        if wrong:
            raise CommandError("Not all is well: see above.")
        self.stdout.write("\nAll is well.")
