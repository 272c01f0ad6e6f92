from django.db import migrations, models
from django.db.models.functions import Upper

# A text as its words, apart by spaces: else PostgreSQL reads "TEA-007" as "tea" and the number -7, and an address as one
# word. catalog.search.words() does the same to what is searched for.
WORDS = """
CREATE FUNCTION catalog_words(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(translate(lower(normalize($1, NFKC)), 'ё', 'е'), '[^[:alnum:]]+', ' ', 'g')
"""

# `russian` stems English words as English. `simple` keeps words as they are: for words that are still being typed, which
# have no right stem, and for those that are too common to have one. A SKU is also found without what divides it.
# The limit keeps the longest description below what a tsvector can hold, 1 MB.
COLUMN = """
ALTER TABLE catalog_product ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('russian'::regconfig, catalog_words(name)), 'A')
    || setweight(to_tsvector('simple'::regconfig, catalog_words(name)), 'A')
    || setweight(to_tsvector('russian'::regconfig, catalog_words(sku)), 'B')
    || setweight(to_tsvector('simple'::regconfig,
        catalog_words(sku) || ' ' || replace(catalog_words(sku), ' ', '')), 'B')
    || setweight(to_tsvector('russian'::regconfig, catalog_words(left(description, 50000))), 'C')
) STORED
"""

# The second one has statistics of its own: they tell how many *names* have a word, whatever the descriptions say.
INDEXES = """
CREATE INDEX catalog_product_search ON catalog_product USING gin (search);
CREATE INDEX catalog_product_search_name ON catalog_product USING gin (ts_filter(search, '{a}'));
"""

VOCABULARY = """
CREATE FUNCTION catalog_vocabulary(name text, description text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN unnest(tsvector_to_array(to_tsvector('simple'::regconfig,
    catalog_words(name || ' ' || left(description, 50000)))))
"""

# An insert learns all its rows at once; with an update that would cost each sale something, so there it is row by row,
# and only if a text changes. All triggers come after and not before: a trigger before UPDATE would make PostgreSQL
# compute `search` anew with each sale.
LEARN = """
INSERT INTO catalog_word (word)
SELECT word FROM (
    SELECT DISTINCT word FROM {rows}, catalog_vocabulary(name, description) AS word
) AS vocabulary
WHERE word ~ '^[[:alpha:]]{{3,40}}$' AND NOT EXISTS (SELECT FROM catalog_word known WHERE known.word = vocabulary.word)
ORDER BY word
ON CONFLICT DO NOTHING
"""
TRIGGERS = f"""
CREATE FUNCTION catalog_product_learn_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {LEARN.format(rows="inserted")}; RETURN NULL; END $$;
CREATE TRIGGER catalog_product_learn_inserted AFTER INSERT ON catalog_product
REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION catalog_product_learn_inserted();

CREATE FUNCTION catalog_product_learn_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {LEARN.format(rows="(SELECT NEW.*) AS updated")}; RETURN NULL; END $$;
CREATE TRIGGER catalog_product_learn_updated AFTER UPDATE OF name, description ON catalog_product
FOR EACH ROW WHEN ((NEW.name, NEW.description) IS DISTINCT FROM (OLD.name, OLD.description))
EXECUTE FUNCTION catalog_product_learn_updated();
"""
FORGET = """
DROP TRIGGER catalog_product_learn_inserted ON catalog_product;
DROP TRIGGER catalog_product_learn_updated ON catalog_product;
DROP FUNCTION catalog_product_learn_inserted, catalog_product_learn_updated, catalog_vocabulary
"""


class Migration(migrations.Migration):
    """Products can be searched, and what is searched for can be corrected."""

    dependencies = [
        ('catalog', '0003_orderings_and_availability'),
    ]

    operations = [
        migrations.RunSQL(WORDS, 'DROP FUNCTION catalog_words'),
        # Not in the model: no query may fetch it.
        migrations.RunSQL(COLUMN, 'ALTER TABLE catalog_product DROP COLUMN search'),
        migrations.RunSQL(INDEXES, 'DROP INDEX catalog_product_search, catalog_product_search_name'),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(Upper('sku'), name='catalog_product_upper_sku'),
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.RunSQL(VOCABULARY + ';' + TRIGGERS, FORGET),
        migrations.RunSQL(LEARN.format(rows='catalog_product'), migrations.RunSQL.noop),
    ]
