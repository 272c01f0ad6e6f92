from django.db import migrations, models

SEQUENCE = "CREATE SEQUENCE orders_order_number AS bigint START 1001"
# Customers know the orders of before by their ids.
FILL = """
UPDATE orders_order SET number = id;
SELECT setval('orders_order_number', max(id)) FROM orders_order HAVING count(*) > 0;
"""


def number(**options: bool) -> models.BigIntegerField:
    default = models.Func(models.Value("orders_order_number"), function="nextval")
    return models.BigIntegerField(db_default=default, editable=False, verbose_name="number", **options)


class Migration(migrations.Migration):
    """Orders have a number of their own."""

    dependencies = [("orders", "0006_variants")]

    operations = [
        migrations.RunSQL(SEQUENCE, "DROP SEQUENCE orders_order_number"),
        migrations.AddField(model_name="order", name="number", field=number()),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(model_name="order", name="number", field=number(unique=True)),
    ]
