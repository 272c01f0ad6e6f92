from importlib import import_module

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

before = import_module('catalog.migrations.0009_variants')

# The function of 0009 also writes the SKUs of a product's variants on sale, but that of the first one.
OTHER_SKUS = "coalesce((array_agg(sku ORDER BY position, id) FILTER (WHERE is_active))[2:], '{}') AS other_skus"
DERIVE_BEFORE = before.DERIVE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
DERIVE = (
    DERIVE_BEFORE.replace("SET sku = derived.sku,", "SET sku = derived.sku, other_skus = derived.other_skus,")
    .replace("[1] AS sku,", f"[1] AS sku, {OTHER_SKUS},")
    .replace("product.sku, product.price,", "product.sku, product.other_skus, product.price,")
    .replace("derived.sku, derived.price,", "derived.sku, derived.other_skus, derived.price,")
)
FILL = f"""
UPDATE catalog_product product SET other_skus = derived.other_skus
FROM (SELECT product_id, {OTHER_SKUS} FROM catalog_variant GROUP BY product_id) AS derived
WHERE product.id = derived.product_id AND product.variant_count > 1;
SET CONSTRAINTS ALL IMMEDIATE;
"""

# As in 0004, for the words of categories and synonyms, which find products that do not have them.
LEARN = """
CREATE FUNCTION catalog_{table}_learn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_word (word)
    SELECT vocabulary.word FROM catalog_vocabulary(NEW.{column}, '') AS vocabulary (word)
    WHERE vocabulary.word ~ '^[[:alpha:]]{{3,40}}$'
        AND NOT EXISTS (SELECT FROM catalog_word known WHERE known.word = vocabulary.word)
    ORDER BY vocabulary.word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_{table}_learn AFTER INSERT OR UPDATE OF {column} ON catalog_{table}
FOR EACH ROW EXECUTE FUNCTION catalog_{table}_learn();
"""
FORGET = """
DROP TRIGGER catalog_{table}_learn ON catalog_{table};
DROP FUNCTION catalog_{table}_learn;
"""
LEARN_CATEGORIES = """
INSERT INTO catalog_word (word)
SELECT DISTINCT vocabulary.word FROM catalog_category, catalog_vocabulary(name, '') AS vocabulary (word)
WHERE vocabulary.word ~ '^[[:alpha:]]{3,40}$'
ORDER BY vocabulary.word
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """Groups of words that mean the same, and the SKUs of all variants of a product."""

    dependencies = [
        ('catalog', '0009_variants'),
    ]

    operations = [
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(help_text='Words that mean the same, with commas between them: cup, mug.', max_length=500, unique=True, verbose_name='words')),
            ],
            options={
                'verbose_name': 'synonyms',
                'verbose_name_plural': 'synonyms',
                'constraints': [models.CheckConstraint(condition=models.Q(('words__regex', '^[[:alnum:]]+(, [[:alnum:]]+){1,19}$')), name='catalog_synonym_words', violation_error_message='Write 2 to 20 single words of letters and digits, with commas between them.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='synonym',
            trigger=pgtrigger.compiler.Trigger(name='catalog_synonym_rows', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='9d4938f7fbc3003a3445cc0fe9294e6806f58ea1', ignore_func_name='_pgtrigger_should_ignore', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_catalog_synonym_rows_6f66b', table='catalog_synonym', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='synonym',
            trigger=pgtrigger.compiler.Trigger(name='catalog_synonym_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(execute='catalog_move_revision()', func='RETURN NULL;', hash='e93dca84c80854bef65171083a46a0415c176f16', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_catalog_synonym_truncated_cf46b', table='catalog_synonym', when='AFTER')),
        ),
        migrations.RunSQL(
            LEARN.format(table='category', column='name') + LEARN.format(table='synonym', column='words'),
            FORGET.format(table='category') + FORGET.format(table='synonym'),
        ),
        migrations.RunSQL(LEARN_CATEGORIES, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name='product',
            name='catalog_product_changes',
        ),
        migrations.RemoveIndex(
            model_name='product',
            name='catalog_product_upper_sku',
        ),
        migrations.AddField(
            model_name='product',
            name='other_skus',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), db_default=[], default=list, editable=False, size=None),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(DERIVE, DERIVE_BEFORE),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='catalog_product_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."images" IS DISTINCT FROM (NEW."images") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_available" IS DISTINCT FROM (NEW."is_available") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."old_price" IS DISTINCT FROM (NEW."old_price") OR OLD."option_names" IS DISTINCT FROM (NEW."option_names") OR OLD."other_skus" IS DISTINCT FROM (NEW."other_skus") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."price_max" IS DISTINCT FROM (NEW."price_max") OR OLD."sku" IS DISTINCT FROM (NEW."sku") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."variant_count" IS DISTINCT FROM (NEW."variant_count") OR OLD."variant_id" IS DISTINCT FROM (NEW."variant_id"))', constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='a8035ba13c3d61ba17001a7dc61f330052d3a679', ignore_func_name='_pgtrigger_should_ignore', operation='UPDATE', pgid='pgtrigger_catalog_product_changes_e5052', table='catalog_product', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
