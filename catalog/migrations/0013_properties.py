import catalog.models.properties
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """Properties of products; a change of them moves the revision."""

    dependencies = [
        ('catalog', '0012_failed_searches'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='product',
            name='catalog_product_changes',
        ),
        migrations.AddField(
            model_name='product',
            name='properties',
            field=models.JSONField(blank=True, db_default=[], default=list, help_text='What customers compare, such as the weight or the material.', validators=[catalog.models.properties.validate_properties], verbose_name='properties'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='catalog_product_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."images" IS DISTINCT FROM (NEW."images") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_available" IS DISTINCT FROM (NEW."is_available") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."old_price" IS DISTINCT FROM (NEW."old_price") OR OLD."option_names" IS DISTINCT FROM (NEW."option_names") OR OLD."other_skus" IS DISTINCT FROM (NEW."other_skus") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."price_max" IS DISTINCT FROM (NEW."price_max") OR OLD."properties" IS DISTINCT FROM (NEW."properties") OR OLD."sku" IS DISTINCT FROM (NEW."sku") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."variant_count" IS DISTINCT FROM (NEW."variant_count") OR OLD."variant_id" IS DISTINCT FROM (NEW."variant_id"))', constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='c0fde695fabbe1d3d8725c8463afebc13a43625f', ignore_func_name='_pgtrigger_should_ignore', operation='UPDATE', pgid='pgtrigger_catalog_product_changes_e5052', table='catalog_product', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
