import catalog.models
from django.db import migrations, models

ON_SHELF = models.Q(is_active=True)


class Migration(migrations.Migration):
    """Lists in every order, filters and facets read an index and not the table."""

    dependencies = [
        ('catalog', '0002_revision'),
    ]

    operations = [
        migrations.AddField(
            model_name='product',
            name='is_available',
            field=models.GeneratedField(db_persist=True, expression=models.Q(('stock', None), ('stock__gt', 0), _connector='OR'), output_field=models.BooleanField()),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index('category', 'id', condition=ON_SHELF, name='catalog_product_shelf_newest'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index('price', 'id', condition=ON_SHELF, name='catalog_product_price'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(catalog.models.NameKey('name'), 'id', condition=ON_SHELF, name='catalog_product_name'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index('category', catalog.models.NameKey('name'), 'id', condition=ON_SHELF, name='catalog_product_shelf_name'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['category', 'price', 'id'], include=['is_available'], condition=ON_SHELF, name='catalog_product_shelf_price'),
        ),
    ]
