"""`manage.py seed`: fill the shop with demo data."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from catalog.models import Product

MAX_PRODUCTS = 1_000_000


class Command(BaseCommand):
    help = "Add the demo shop, and with --products plain products besides; whatever is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how much to add, and when."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there is any product")
        parser.add_argument("--products", type=int, metavar="N", help="add plain products until there are N in all")

    def handle(self, **options: Any) -> None:
        """Say in one sentence what was added."""
        total: int | None = options["products"]
        if total is not None and not 1 <= total <= MAX_PRODUCTS:
            raise CommandError(f"--products: write a number from 1 to {MAX_PRODUCTS}")
        if options["if_empty"] and Product.objects.exists():
            self.stdout.write("Added nothing: the shop has products already.")
            return
        added = import_string(settings.DEMO_SHOP)(total=total)
        self.stdout.write(
            f"Added {added.categories} categories, {added.products} products and {added.pictures} pictures; "
            f"the shop has {Product.objects.count()} products now."
        )
