import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# The first variant of a product has its id (migration 0009 of the catalog).
FILL = """
UPDATE orders_orderitem SET variant_id = product_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    """An item of an order is a variant."""

    dependencies = [("catalog", "0009_variants"), ("orders", "0005_adjustments")]

    operations = [
        migrations.AddField(
            model_name="orderitem",
            name="options",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=50), default=list, size=None, verbose_name="options"
            ),
        ),
        migrations.AddField(
            model_name="orderitem",
            name="variant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="order_items",
                to="catalog.variant",
                verbose_name="variant",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="orderitem",
            name="variant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="order_items",
                to="catalog.variant",
                verbose_name="variant",
            ),
        ),
        migrations.RemoveConstraint(model_name="orderitem", name="orders_orderitem_product_once"),
        migrations.AddConstraint(
            model_name="orderitem",
            constraint=models.UniqueConstraint(
                fields=("order", "variant"),
                name="orders_orderitem_variant_once",
                violation_error_message="A variant is one item of an order.",
            ),
        ),
        migrations.AlterField(
            model_name="orderitem",
            name="product",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="catalog.product",
                verbose_name="product",
            ),
        ),
    ]
