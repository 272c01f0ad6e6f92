import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# The function and the triggers of 0002, whose column list was written by hand.
MOVE = """
CREATE FUNCTION catalog_move_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_revision AS revision (id, value) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET value = excluded.value
        WHERE revision.xmin <> pg_current_xact_id()::xid;
    IF FOUND THEN
        PERFORM pg_notify('catalog_revision', value::text) FROM catalog_revision WHERE id = 1;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER catalog_product_rows AFTER INSERT OR DELETE ON catalog_product
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog_move_revision();
CREATE CONSTRAINT TRIGGER catalog_product_changes AFTER UPDATE ON catalog_product
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
        (OLD.category_id, OLD.name, OLD.slug, OLD.sku, OLD.description, OLD.price, OLD.old_price, OLD.images,
            OLD.is_active, OLD.created_at, OLD.stock IS NULL OR OLD.stock > 0)
        IS DISTINCT FROM (NEW.category_id, NEW.name, NEW.slug, NEW.sku, NEW.description, NEW.price, NEW.old_price,
            NEW.images, NEW.is_active, NEW.created_at, NEW.stock IS NULL OR NEW.stock > 0)
    ) EXECUTE FUNCTION catalog_move_revision();
CREATE CONSTRAINT TRIGGER catalog_category_rows AFTER INSERT OR UPDATE OR DELETE ON catalog_category
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog_move_revision();
CREATE TRIGGER catalog_product_emptied AFTER TRUNCATE ON catalog_product EXECUTE FUNCTION catalog_move_revision();
CREATE TRIGGER catalog_category_emptied AFTER TRUNCATE ON catalog_category EXECUTE FUNCTION catalog_move_revision();
"""
UNDO_MOVE = """
DROP TRIGGER catalog_category_emptied ON catalog_category;
DROP TRIGGER catalog_product_emptied ON catalog_product;
DROP TRIGGER catalog_category_rows ON catalog_category;
DROP TRIGGER catalog_product_changes ON catalog_product;
DROP TRIGGER catalog_product_rows ON catalog_product;
DROP FUNCTION catalog_move_revision();
"""
# Once for each transaction: the row that a transaction has changed carries its number. The function looks for that first:
# an UPDATE of 20,000 prices takes 2.3 s so, and 3.6 s if each row tries an INSERT that conflicts.
TOUCH = """
CREATE FUNCTION catalog_touch_revision() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    moved uuid;
BEGIN
    IF EXISTS (SELECT FROM catalog_revision WHERE id = 1 AND xmin = pg_current_xact_id()::xid) THEN
        RETURN;
    END IF;
    INSERT INTO catalog_revision (id, value) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET value = excluded.value
    RETURNING value INTO moved;
    PERFORM pg_notify('catalog_revision', moved::text);
END $$;
"""
UNDO_TOUCH = "DROP FUNCTION catalog_touch_revision()"


class Migration(migrations.Migration):
    """The triggers of the revision are those declared on the models."""

    dependencies = [
        ('catalog', '0005_stock_limit'),
    ]

    operations = [
        migrations.RunSQL(UNDO_MOVE, MOVE),
        migrations.RunSQL(TOUCH, UNDO_TOUCH),
        pgtrigger.migrations.AddTrigger(
            model_name='category',
            trigger=pgtrigger.compiler.Trigger(name='catalog_category_rows', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='PERFORM catalog_touch_revision(); RETURN NULL;', hash='83190052681a256e235d17b776daea4101572503', ignore_func_name='_pgtrigger_should_ignore', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_catalog_category_rows_152e5', table='catalog_category', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='category',
            trigger=pgtrigger.compiler.Trigger(name='catalog_category_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM catalog_touch_revision(); RETURN NULL;', hash='25db337c28385da4ce5581b58f3a65ee576baaef', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_catalog_category_truncated_09873', table='catalog_category', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='catalog_product_rows', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='PERFORM catalog_touch_revision(); RETURN NULL;', hash='8350aa1986f0a7ebf6eb64da0ff27e069afbe379', ignore_func_name='_pgtrigger_should_ignore', operation='INSERT OR DELETE', pgid='pgtrigger_catalog_product_rows_f96ed', table='catalog_product', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='catalog_product_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."images" IS DISTINCT FROM (NEW."images") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_available" IS DISTINCT FROM (NEW."is_available") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."old_price" IS DISTINCT FROM (NEW."old_price") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."sku" IS DISTINCT FROM (NEW."sku") OR OLD."slug" IS DISTINCT FROM (NEW."slug"))', constraint='CONSTRAINT', func='PERFORM catalog_touch_revision(); RETURN NULL;', hash='3a622a43735688f285f6637002cde012fe119a19', ignore_func_name='_pgtrigger_should_ignore', operation='UPDATE', pgid='pgtrigger_catalog_product_changes_e5052', table='catalog_product', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='catalog_product_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM catalog_touch_revision(); RETURN NULL;', hash='a2779a90e722b098634885b07aafdae1a9716200', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_catalog_product_truncated_8336f', table='catalog_product', when='AFTER')),
        ),
    ]
