"""The row of the settings, and the pages, empty and hidden; each begins its history."""

from django.db import migrations
from django.utils import timezone

SLUGS = ("about", "delivery", "returns", "privacy", "terms")


def add_rows(apps, schema_editor):
    models = {name: apps.get_model("merchant", name) for name in ("ShopSettings", "Page")}
    rows = [models["ShopSettings"]()]
    rows += [models["Page"](slug=slug, position=position) for position, slug in enumerate(SLUGS, 1)]
    for row in rows:
        row.save(force_insert=True)
        fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        # Models of a migration send no signals, by which django-simple-history records the others.
        historical = apps.get_model("merchant", f"Historical{type(row).__name__}")
        historical.objects.create(**fields, history_date=timezone.now(), history_type="+")


class Migration(migrations.Migration):
    dependencies = [("merchant", "0001_initial")]

    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
