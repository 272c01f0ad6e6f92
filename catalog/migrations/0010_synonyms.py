import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


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
    """Groups of words that mean the same."""

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
    ]
