from django.db import migrations

COLUMN = """
ALTER TABLE catalog_product ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('{configuration}'::regconfig, catalog_words(name)), 'A')
    || setweight(to_tsvector('simple'::regconfig, catalog_words(name)), 'A')
    || setweight(to_tsvector('{configuration}'::regconfig, catalog_words(sku)), 'B')
    || setweight(to_tsvector('simple'::regconfig,
        catalog_words(sku) || ' ' || replace(catalog_words(sku), ' ', '')), 'B')
    || setweight(to_tsvector('{configuration}'::regconfig, catalog_words(left(description, 50000))), 'C')
) STORED;
CREATE INDEX catalog_product_search ON catalog_product USING gin (search);
CREATE INDEX catalog_product_search_name ON catalog_product USING gin (ts_filter(search, '{{a}}'));
"""

# Words are stemmed by a text search configuration of the shop's own, a copy of PostgreSQL's for the language; its comment
# says which. So neither the column nor a query contains the setting SEARCH_LANGUAGE: catalog.search.language calls this
# function when it has changed. The rest of the column is as in 0004.
# It also moves the revision: else answers of before would stay in memory, and a replica that is behind would be read.
SET_LANGUAGE = f"""
CREATE OR REPLACE FUNCTION catalog_set_search_language(language text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE catalog_product DROP COLUMN IF EXISTS search;
    DROP TEXT SEARCH CONFIGURATION IF EXISTS catalog_search;
    EXECUTE format('CREATE TEXT SEARCH CONFIGURATION catalog_search (COPY = pg_catalog.%I)', language);
    EXECUTE format('COMMENT ON TEXT SEARCH CONFIGURATION catalog_search IS %L', language);
    {COLUMN.format(configuration="catalog_search")}
    PERFORM catalog_touch_revision();
END $$
"""

RUSSIAN = f"""
ALTER TABLE catalog_product DROP COLUMN IF EXISTS search;
DROP TEXT SEARCH CONFIGURATION IF EXISTS catalog_search;
{COLUMN.format(configuration="russian")}
SELECT catalog_touch_revision();
"""

# A rewritten table has no visibility map, without which an index-only scan reads the table, and the new column has no
# statistics.
VACUUM = "VACUUM (ANALYZE) catalog_product"


class Migration(migrations.Migration):
    """Words are stemmed in the language of SEARCH_LANGUAGE."""

    # VACUUM cannot run in a transaction. Each other operation is one transaction, and may be repeated.
    atomic = False

    dependencies = [
        ('catalog', '0006_revision_triggers'),
    ]

    operations = [
        migrations.RunSQL(SET_LANGUAGE, 'DROP FUNCTION IF EXISTS catalog_set_search_language(text)'),
        migrations.RunSQL(migrations.RunSQL.noop, VACUUM),
        migrations.RunSQL("SELECT catalog_set_search_language('russian')", RUSSIAN),
        migrations.RunSQL(VACUUM, migrations.RunSQL.noop),
    ]
