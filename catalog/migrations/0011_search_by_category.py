from importlib import import_module

from django.db import migrations

before = import_module('catalog.migrations.0007_search_language')

# The column of a product as in 0007, with two more kinds of words, weighed as those of its name (A):
# - "^" and a word: the words with which the name begins, up to the first space; they say what the product is.
# - "#" and a number: its category. A search looks up which categories have a word in their names or in those of their
#   ancestors (catalog.search.terms), and takes these numbers for the word. So no product is written when a category is
#   renamed or moved.
# It also has the SKUs of all variants on sale, and not only of the first one.
#
# Words of categories and synonyms are stemmed, too; those of categories are also there unstemmed, for the beginning of a
# word.
SET_LANGUAGE = """
CREATE OR REPLACE FUNCTION catalog_set_search_language(language text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE catalog_product DROP COLUMN IF EXISTS search;
    ALTER TABLE catalog_category DROP COLUMN IF EXISTS search;
    ALTER TABLE catalog_synonym DROP COLUMN IF EXISTS search;
    DROP TEXT SEARCH CONFIGURATION IF EXISTS catalog_search;
    EXECUTE format('CREATE TEXT SEARCH CONFIGURATION catalog_search (COPY = pg_catalog.%I)', language);
    EXECUTE format('COMMENT ON TEXT SEARCH CONFIGURATION catalog_search IS %L', language);

    ALTER TABLE catalog_category ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
        to_tsvector('catalog_search'::regconfig, catalog_words(name)) || to_tsvector('simple'::regconfig, catalog_words(name))
    ) STORED;
    ALTER TABLE catalog_synonym ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
        to_tsvector('catalog_search'::regconfig, catalog_words(words))
    ) STORED;
    ALTER TABLE catalog_product ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('catalog_search'::regconfig, catalog_words(name)), 'A')
        || setweight(to_tsvector('simple'::regconfig, catalog_words(name)), 'A')
        || setweight(catalog_marked(to_tsvector('catalog_search'::regconfig,
            catalog_words(coalesce(substring(name from '[^[:space:]]+'), ''))), '^'), 'A')
        || ('''#' || category_id::text || ''':1A')::tsvector
        || setweight(to_tsvector('catalog_search'::regconfig, catalog_sku_words(sku || other_skus)), 'B')
        || setweight(to_tsvector('simple'::regconfig, catalog_sku_words(sku || other_skus)), 'B')
        || setweight(to_tsvector('catalog_search'::regconfig, catalog_words(left(description, 50000))), 'C')
    ) STORED;
    CREATE INDEX catalog_product_search ON catalog_product USING gin (search);
    CREATE INDEX catalog_product_search_name ON catalog_product USING gin (ts_filter(search, '{a}'));
    PERFORM catalog_touch_revision();
END $$
"""
# Through text: the functions that make a tsvector of an array leave the positions out, and with them the weights.
MARKED = r"""
CREATE OR REPLACE FUNCTION catalog_marked(words tsvector, mark text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(words::text, '(^| )''', '\1''' || mark, 'g')::tsvector
"""
# The words of each SKU, and the SKU without what divides them.
SKU_WORDS = """
CREATE OR REPLACE FUNCTION catalog_sku_words(skus varchar[]) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT string_agg(words || ' ' || replace(words, ' ', ''), ' ')
    FROM unnest(skus) AS sku, catalog_words(sku) AS words
)
"""
REBUILD = """
SELECT catalog_set_search_language(coalesce(obj_description('catalog_search'::regconfig, 'pg_ts_config'), 'russian'))
"""
WITHOUT_CATEGORIES = """
ALTER TABLE catalog_category DROP COLUMN IF EXISTS search;
ALTER TABLE catalog_synonym DROP COLUMN IF EXISTS search;
"""


class Migration(migrations.Migration):
    """Products are found by the names of their categories, by synonyms, and by the SKUs of all variants."""

    # VACUUM cannot run in a transaction. Each other operation is one transaction, and may be repeated.
    atomic = False

    dependencies = [
        ('catalog', '0010_synonyms_and_skus'),
    ]

    operations = [
        migrations.RunSQL(MARKED, 'DROP FUNCTION IF EXISTS catalog_marked'),
        migrations.RunSQL(SKU_WORDS, 'DROP FUNCTION IF EXISTS catalog_sku_words'),
        migrations.RunSQL(migrations.RunSQL.noop, before.VACUUM),
        migrations.RunSQL(migrations.RunSQL.noop, REBUILD),
        migrations.RunSQL(SET_LANGUAGE, WITHOUT_CATEGORIES + before.SET_LANGUAGE),
        migrations.RunSQL(REBUILD, migrations.RunSQL.noop),
        migrations.RunSQL(before.VACUUM, migrations.RunSQL.noop),
    ]
