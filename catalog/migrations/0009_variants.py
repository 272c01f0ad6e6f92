import catalog.models.images
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# Each product becomes its first variant, with the same id: carts on customers' phones hold ids of products.
FILL = """
INSERT INTO catalog_variant
    (id, product_id, option_values, sku, price, old_price, stock, images, position, is_active, updated_at)
SELECT id, id, '{}', sku, price, old_price, stock, '[]', 0, true, updated_at FROM catalog_product ORDER BY id;
SELECT setval(pg_get_serial_sequence('catalog_variant', 'id'), max(id)) FROM catalog_variant HAVING count(*) > 0;
INSERT INTO catalog_stockmovement (variant_id, delta, balance, reason, note, at)
SELECT id, stock, stock, 'counted', '', statement_timestamp() FROM catalog_variant WHERE stock > 0 ORDER BY id;
UPDATE catalog_product SET price_max = price, variant_count = 1, variant_id = id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
EMPTY = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM catalog_variant GROUP BY product_id HAVING count(*) > 1) THEN
        RAISE EXCEPTION 'Products with several variants have no place in the schema before migration 0009.';
    END IF;
END $$;
UPDATE catalog_product product SET stock = variant.stock
FROM catalog_variant variant WHERE variant.product_id = product.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
PLAIN_COLUMN = "ALTER TABLE catalog_product ALTER COLUMN is_available DROP EXPRESSION"
GENERATED_COLUMN = """
DROP INDEX catalog_product_shelf_price;
ALTER TABLE catalog_product DROP COLUMN is_available;
ALTER TABLE catalog_product ADD COLUMN is_available boolean NOT NULL
    GENERATED ALWAYS AS (stock IS NULL OR stock > 0) STORED;
CREATE INDEX catalog_product_shelf_price ON catalog_product (category_id, price, id) INCLUDE (is_available)
    WHERE is_active;
"""

# A variant that is not on sale counts only if none is. The products are locked in the order of their ids, and read by a
# later statement than the one that locks them: its snapshot has what others changed while this one waited. The stock of a
# new variant is its first movement. No plan may be quadratic: a session keeps those made while the tables were small
# (except of what EXECUTE runs), and after a large rollback the statistics say that a full table is empty. So there are no
# nested loops, and EXCEPT instead of a join.
COMPARED = "id, product_id, sku, price, old_price, is_available, is_active, position"
DERIVE = f"""
CREATE FUNCTION catalog_derive_products() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
DECLARE
    changed bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        changed := ARRAY (SELECT DISTINCT product_id FROM new_rows);
        INSERT INTO catalog_stockmovement (variant_id, delta, balance, reason, note, at)
        SELECT id, stock, stock, 'received', '', statement_timestamp() FROM new_rows WHERE stock > 0 ORDER BY id;
    ELSIF TG_OP = 'DELETE' THEN
        changed := ARRAY (SELECT DISTINCT product_id FROM old_rows);
    ELSE
        changed := ARRAY (
            SELECT product_id FROM (SELECT {COMPARED} FROM new_rows EXCEPT SELECT {COMPARED} FROM old_rows) AS after
            UNION
            SELECT product_id FROM (SELECT {COMPARED} FROM old_rows EXCEPT SELECT {COMPARED} FROM new_rows) AS before
        );
    END IF;
    IF cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    EXECUTE 'SELECT FROM catalog_product WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE' USING changed;
    EXECUTE $update$
        UPDATE catalog_product product
        SET sku = derived.sku, price = derived.price, price_max = derived.price_max, old_price = derived.old_price,
            is_available = derived.is_available, variant_count = derived.variant_count, variant_id = derived.variant_id
        FROM (
            SELECT product_id,
                (array_agg(sku ORDER BY is_active DESC, position, id))[1] AS sku,
                (array_agg(price ORDER BY is_active DESC, price, position, id))[1] AS price,
                (array_agg(price ORDER BY is_active DESC, price DESC))[1] AS price_max,
                (array_agg(old_price ORDER BY is_active DESC, price, position, id))[1] AS old_price,
                bool_or(is_active AND is_available) AS is_available,
                count(*) FILTER (WHERE is_active) AS variant_count,
                CASE WHEN count(*) FILTER (WHERE is_active) = 1 THEN min(id) FILTER (WHERE is_active) END AS variant_id
            FROM catalog_variant WHERE product_id = ANY ($1) GROUP BY product_id
        ) AS derived
        WHERE product.id = ANY ($1) AND product.id = derived.product_id AND (
            product.sku, product.price, product.price_max, product.old_price, product.is_available,
            product.variant_count, product.variant_id
        ) IS DISTINCT FROM (
            derived.sku, derived.price, derived.price_max, derived.old_price, derived.is_available,
            derived.variant_count, derived.variant_id
        )
    $update$ USING changed;
    RETURN NULL;
END $$;
"""
# Of all indexes, only the one of product_id serves this query; so a plan made while the tables are small serves, too.
CHECK = """
CREATE FUNCTION catalog_check_product() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    changed bigint;
BEGIN
    IF TG_TABLE_NAME = 'catalog_product' THEN
        changed := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        changed := OLD.product_id;
    ELSE
        changed := NEW.product_id;
    END IF;
    IF EXISTS (
        SELECT FROM catalog_product product LEFT JOIN catalog_variant variant ON variant.product_id = product.id
        WHERE product.id = changed AND cardinality(variant.option_values) IS DISTINCT FROM cardinality(option_names)
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'catalog_product_variants', TABLE = 'catalog_product',
            MESSAGE = format('Product %s needs a variant, and each of its variants one value for each option.', changed);
    END IF;
    RETURN NULL;
END $$;
"""
FUNCTIONS = DERIVE + CHECK
DROP_FUNCTIONS = "DROP FUNCTION catalog_derive_products(), catalog_check_product()"


class Migration(migrations.Migration):
    """What is sold is a variant; the first one of each product takes over its id, SKU, price and stock."""

    dependencies = [
        ('catalog', '0008_revision_triggers_execute'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='product',
            name='catalog_product_changes',
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delta', models.IntegerField(verbose_name='change')),
                ('balance', models.IntegerField(help_text='0 if the variant is not counted any more.', verbose_name='stock after it')),
                ('reason', models.CharField(choices=[('sold', 'sold'), ('cancelled', 'order cancelled'), ('received', 'received'), ('counted', 'counted')], max_length=16, verbose_name='reason')),
                ('order_id', models.BigIntegerField(blank=True, null=True, verbose_name='order')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
            ],
            options={
                'verbose_name': 'stock movement',
                'verbose_name_plural': 'stock movements',
            },
        ),
        migrations.CreateModel(
            name='Variant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('option_values', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, help_text='One value for each option of the product.', size=None, verbose_name='options')),
                ('sku', models.CharField(max_length=64, unique=True, verbose_name='SKU')),
                ('price', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='price')),
                ('old_price', models.DecimalField(blank=True, decimal_places=2, help_text='Shown crossed out.', max_digits=12, null=True, verbose_name='old price')),
                ('stock', models.IntegerField(blank=True, help_text='Empty: not counted, always there.', null=True, validators=[django.core.validators.MaxValueValidator(1000000000)], verbose_name='stock')),
                ('images', models.JSONField(blank=True, default=list, help_text='Of this variant; if there are none, those of the product are shown.', validators=[catalog.models.images.validate_images], verbose_name='pictures')),
                ('position', models.PositiveIntegerField(default=0, help_text='Smaller numbers come first.', verbose_name='position')),
                ('is_active', models.BooleanField(default=True, verbose_name='on sale')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('is_available', models.GeneratedField(db_persist=True, expression=models.Q(('stock', None), ('stock__gt', 0), _connector='OR'), output_field=models.BooleanField())),
                ('max_quantity', models.GeneratedField(db_persist=True, expression=models.Case(models.When(stock__lte=5, then=models.F('stock')), default=models.Value(None)), output_field=models.IntegerField(null=True))),
            ],
            options={
                'verbose_name': 'variant',
                'verbose_name_plural': 'prices and stock',
            },
        ),
        migrations.AddField(
            model_name='product',
            name='option_names',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, help_text='What a customer chooses, such as “Size” or “Colour”.', size=None, verbose_name='options'),
        ),
        migrations.AddField(
            model_name='product',
            name='price_max',
            field=models.DecimalField(decimal_places=2, default=0, editable=False, max_digits=12, verbose_name='highest price'),
        ),
        migrations.AddField(
            model_name='product',
            name='variant_count',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='variants'),
        ),
        migrations.AddField(
            model_name='product',
            name='variant_id',
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='product',
            name='old_price',
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='old price'),
        ),
        migrations.AlterField(
            model_name='product',
            name='price',
            field=models.DecimalField(decimal_places=2, default=0, editable=False, max_digits=12, verbose_name='price'),
        ),
        migrations.AlterField(
            model_name='product',
            name='sku',
            field=models.CharField(editable=False, help_text='Of the first variant.', max_length=64, verbose_name='SKU'),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='actor',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AddField(
            model_name='variant',
            name='product',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='variants', to='catalog.product', verbose_name='product'),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='variant',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='movements', to='catalog.variant', verbose_name='variant'),
        ),
        migrations.AddIndex(
            model_name='variant',
            index=models.Index(django.db.models.functions.text.Upper('sku'), name='catalog_variant_upper_sku'),
        ),
        migrations.AddConstraint(
            model_name='variant',
            constraint=models.UniqueConstraint(deferrable=models.Deferrable['DEFERRED'], fields=('product', 'option_values'), name='catalog_variant_option_values_once', violation_error_message='The product has a variant with these options already.'),
        ),
        migrations.AddConstraint(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='catalog_variant_price_not_negative', violation_error_message='The price cannot be below zero.'),
        ),
        migrations.AddConstraint(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(('old_price__gt', models.F('price'))), name='catalog_variant_old_price_above_price', violation_error_message='The old price must be above the price.'),
        ),
        migrations.AddConstraint(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(('stock__gte', 0)), name='catalog_variant_stock_not_negative', violation_error_message='The stock cannot be below zero.'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(fields=['variant', '-id'], name='catalog_movement_of_variant'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('delta', 0), _negated=True), name='catalog_stockmovement_delta_not_zero', violation_error_message='A movement changes the stock.'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('balance__gte', 0)), name='catalog_stockmovement_balance_not_negative', violation_error_message='The stock cannot be below zero.'),
        ),
        migrations.RemoveConstraint(
            model_name='product',
            name='catalog_product_price_not_negative',
        ),
        migrations.RemoveConstraint(
            model_name='product',
            name='catalog_product_old_price_above_price',
        ),
        migrations.RemoveConstraint(
            model_name='product',
            name='catalog_product_stock_not_negative',
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('option_names__len__lte', 3)), name='catalog_product_options_at_most_three', violation_error_message='A product has at most three options.'),
        ),
        migrations.RunSQL(FILL, EMPTY),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(PLAIN_COLUMN, GENERATED_COLUMN)],
            [
                migrations.AlterField(
                    model_name='product',
                    name='is_available',
                    field=models.BooleanField(default=False, editable=False, verbose_name='in stock'),
                ),
            ],
        ),
        migrations.RemoveField(
            model_name='product',
            name='stock',
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='catalog_product_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."images" IS DISTINCT FROM (NEW."images") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_available" IS DISTINCT FROM (NEW."is_available") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."old_price" IS DISTINCT FROM (NEW."old_price") OR OLD."option_names" IS DISTINCT FROM (NEW."option_names") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."price_max" IS DISTINCT FROM (NEW."price_max") OR OLD."sku" IS DISTINCT FROM (NEW."sku") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."variant_count" IS DISTINCT FROM (NEW."variant_count") OR OLD."variant_id" IS DISTINCT FROM (NEW."variant_id"))', constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='855646177a225ad685532e53c60cfdcf3fde4d02', ignore_func_name='_pgtrigger_should_ignore', operation='UPDATE', pgid='pgtrigger_catalog_product_changes_e5052', table='catalog_product', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='catalog_product_check', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='catalog_check_product()', func='RETURN NULL;', hash='1a359b20192b8a51b6c06564775a3b2e705fdc3a', ignore_func_name='_pgtrigger_should_ignore', operation='INSERT OR UPDATE OF "option_names"', pgid='pgtrigger_catalog_product_check_3418e', table='catalog_product', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='catalog_variant_rows', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='e62bb8df55bff99489c1f1d6c100f1868acf7250', ignore_func_name='_pgtrigger_should_ignore', operation='INSERT OR DELETE', pgid='pgtrigger_catalog_variant_rows_59183', table='catalog_variant', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='catalog_variant_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."images" IS DISTINCT FROM (NEW."images") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_available" IS DISTINCT FROM (NEW."is_available") OR OLD."max_quantity" IS DISTINCT FROM (NEW."max_quantity") OR OLD."old_price" IS DISTINCT FROM (NEW."old_price") OR OLD."option_values" IS DISTINCT FROM (NEW."option_values") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."sku" IS DISTINCT FROM (NEW."sku"))', constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='e1f3b15fddeefe48d81e9e354199dbcbd5986a7b', ignore_func_name='_pgtrigger_should_ignore', operation='UPDATE', pgid='pgtrigger_catalog_variant_changes_0e2cb', table='catalog_variant', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='catalog_variant_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(execute='catalog_move_revision()', func='RETURN NULL;', hash='5e42233c8ee1e9c6c159b4eeeaa1d52dd1e63acf', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_catalog_variant_truncated_cb90e', table='catalog_variant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='catalog_variant_derive_inserted', sql=pgtrigger.compiler.UpsertTriggerSql(execute='catalog_derive_products()', func='RETURN NULL;', hash='61a0de97a79860ec72a852e946cb9182364f92c4', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='INSERT', pgid='pgtrigger_catalog_variant_derive_inserted_ef1ea', referencing='REFERENCING NEW TABLE AS new_rows ', table='catalog_variant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='catalog_variant_derive_updated', sql=pgtrigger.compiler.UpsertTriggerSql(execute='catalog_derive_products()', func='RETURN NULL;', hash='1475ecbf7810045e390658a411bcbe3f8d24ee96', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_catalog_variant_derive_updated_8be57', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='catalog_variant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='catalog_variant_derive_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(execute='catalog_derive_products()', func='RETURN NULL;', hash='be0a1f441b02517ae0b728d901f703c54302db7b', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='DELETE', pgid='pgtrigger_catalog_variant_derive_deleted_68adb', referencing='REFERENCING OLD TABLE AS old_rows ', table='catalog_variant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='catalog_variant_check_rows', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='catalog_check_product()', func='RETURN NULL;', hash='88994824cc25a0687c5b0183e284b8300c21d8b9', ignore_func_name='_pgtrigger_should_ignore', operation='INSERT OR DELETE', pgid='pgtrigger_catalog_variant_check_rows_4fcfe', table='catalog_variant', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='catalog_variant_check_options', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='catalog_check_product()', func='RETURN NULL;', hash='a7d0f82ea48a01bdb2fea2b06a557ac0f643734f', ignore_func_name='_pgtrigger_should_ignore', operation='UPDATE OF "product_id", "option_values"', pgid='pgtrigger_catalog_variant_check_options_406ba', table='catalog_variant', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.RunSQL("SELECT catalog_touch_revision()", migrations.RunSQL.noop),
    ]
