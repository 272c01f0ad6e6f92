"""A value that is another one after each commit that changes what the catalogue says."""

from django.db import migrations, models

# All that customers see, and what decides whether they do. What an order takes from the shelf matters to nobody but
# when the last piece goes, or the first one comes.
SHOWN = (
    "{row}.category_id, {row}.name, {row}.slug, {row}.sku, {row}.description, {row}.price, {row}.old_price, {row}.images,"
    " {row}.is_active, {row}.created_at, {row}.stock IS NULL OR {row}.stock > 0"
)
CHANGED = f"({SHOWN.format(row='OLD')}) IS DISTINCT FROM ({SHOWN.format(row='NEW')})"

FORWARD = f"""
INSERT INTO catalog_revision (id, value) VALUES (1, gen_random_uuid());

-- Once for each transaction: the row that a transaction has changed carries its number. Run at the commit, so that
-- nobody holds this row while waiting for another one.
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
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({CHANGED}) EXECUTE FUNCTION catalog_move_revision();
CREATE CONSTRAINT TRIGGER catalog_category_rows AFTER INSERT OR UPDATE OR DELETE ON catalog_category
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog_move_revision();
CREATE TRIGGER catalog_product_emptied AFTER TRUNCATE ON catalog_product EXECUTE FUNCTION catalog_move_revision();
CREATE TRIGGER catalog_category_emptied AFTER TRUNCATE ON catalog_category EXECUTE FUNCTION catalog_move_revision();
"""
BACKWARD = """
DROP TRIGGER catalog_category_emptied ON catalog_category;
DROP TRIGGER catalog_product_emptied ON catalog_product;
DROP TRIGGER catalog_category_rows ON catalog_category;
DROP TRIGGER catalog_product_changes ON catalog_product;
DROP TRIGGER catalog_product_rows ON catalog_product;
DROP FUNCTION catalog_move_revision();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("value", models.UUIDField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(id=1),
                        name="catalog_revision_one_row",
                        violation_error_message="There is one revision.",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
