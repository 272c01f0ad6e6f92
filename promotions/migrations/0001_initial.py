import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        # The triggers execute its function catalog_move_revision().
        ('catalog', '0008_revision_triggers_execute'),
        ('orders', '0009_delivery_and_discounts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PromotionUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('once', models.BooleanField(editable=False)),
            ],
            options={
                'verbose_name': 'use of a promotion',
                'verbose_name_plural': 'uses of promotions',
            },
        ),
        migrations.CreateModel(
            name='HistoricalPromotion',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(help_text='Customers see it, such as “Spring sale”.', max_length=100, verbose_name='name')),
                ('code', models.CharField(blank=True, help_text='Such as SPRING. Empty: for everybody, without a code.', max_length=32, validators=[django.core.validators.RegexValidator('\\A[0-9A-ZА-ЯЁ_-]{3,32}\\Z', 'Write 3 to 32 letters, digits, - or _.')], verbose_name='code')),
                ('kind', models.CharField(choices=[('percent', 'percent off'), ('fixed', 'amount off'), ('free_delivery', 'free delivery')], max_length=16, verbose_name='kind')),
                ('value', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='Percent, or an amount. Free delivery has none.', max_digits=12, verbose_name='value')),
                ('max_discount', models.DecimalField(blank=True, decimal_places=2, help_text='For a percentage. Empty: no limit.', max_digits=12, null=True, verbose_name='discount at most')),
                ('min_total', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='Sum of the products. 0: no minimum.', max_digits=12, verbose_name='minimum order')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('usage_limit', models.PositiveIntegerField(blank=True, help_text='By all customers. Cancelled orders do not count.', null=True, verbose_name='uses at most')),
                ('once_per_customer', models.BooleanField(default=False, verbose_name='once per customer')),
                ('first_order_only', models.BooleanField(default=False, verbose_name='for the first order only')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='updated at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical promotion',
                'verbose_name_plural': 'historical promotions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Promotion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Customers see it, such as “Spring sale”.', max_length=100, verbose_name='name')),
                ('code', models.CharField(blank=True, help_text='Such as SPRING. Empty: for everybody, without a code.', max_length=32, validators=[django.core.validators.RegexValidator('\\A[0-9A-ZА-ЯЁ_-]{3,32}\\Z', 'Write 3 to 32 letters, digits, - or _.')], verbose_name='code')),
                ('code_key', models.CharField(blank=True, editable=False, max_length=32)),
                ('kind', models.CharField(choices=[('percent', 'percent off'), ('fixed', 'amount off'), ('free_delivery', 'free delivery')], max_length=16, verbose_name='kind')),
                ('value', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='Percent, or an amount. Free delivery has none.', max_digits=12, verbose_name='value')),
                ('max_discount', models.DecimalField(blank=True, decimal_places=2, help_text='For a percentage. Empty: no limit.', max_digits=12, null=True, verbose_name='discount at most')),
                ('min_total', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='Sum of the products. 0: no minimum.', max_digits=12, verbose_name='minimum order')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('usage_limit', models.PositiveIntegerField(blank=True, help_text='By all customers. Cancelled orders do not count.', null=True, verbose_name='uses at most')),
                ('used', models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='used')),
                ('once_per_customer', models.BooleanField(default=False, verbose_name='once per customer')),
                ('first_order_only', models.BooleanField(default=False, verbose_name='for the first order only')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
            ],
            options={
                'verbose_name': 'promotion',
                'verbose_name_plural': 'promotions',
                'constraints': [models.UniqueConstraint(condition=models.Q(('code_key', ''), _negated=True), fields=('code_key',), name='promotions_promotion_code_once', violation_error_message='There is a promotion with this code, or with one that looks the same.'), models.CheckConstraint(condition=models.Q(('kind__in', ['percent', 'fixed', 'free_delivery'])), name='promotions_promotion_kind_known', violation_error_message='There is no such kind of promotion.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'percent'), ('value__gte', 1), ('value__lte', 100)), models.Q(('kind', 'fixed'), ('value__gt', 0)), models.Q(('kind', 'free_delivery'), ('value', 0)), _connector='OR'), name='promotions_promotion_value_of_kind', violation_error_message='A percentage is from 1 to 100, an amount above zero; free delivery has 0.'), models.CheckConstraint(condition=models.Q(('min_total__gte', 0), models.Q(('max_discount', None), ('max_discount__gt', 0), _connector='OR')), name='promotions_promotion_amounts_positive', violation_error_message='Amounts cannot be below zero.'), models.CheckConstraint(condition=models.Q(('usage_limit', None), ('used__lte', models.F('usage_limit')), _connector='OR'), name='promotions_promotion_used_within_limit', violation_error_message='The limit cannot be below the number of uses so far.'), models.CheckConstraint(condition=models.Q(models.Q(('code', ''), _negated=True), ('usage_limit', None), _connector='OR'), name='promotions_promotion_automatic_unlimited', violation_error_message='A promotion without a code has no limit of uses.'), models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='promotions_promotion_ends_after_start', violation_error_message='The last day cannot be before the first one.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promotion',
            trigger=pgtrigger.compiler.Trigger(name='promotions_promotion_rows', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='922e983af9994286a2cae05b6c02ba91a2f11d12', ignore_func_name='_pgtrigger_should_ignore', operation='INSERT OR DELETE', pgid='pgtrigger_promotions_promotion_rows_6c50a', table='promotions_promotion', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promotion',
            trigger=pgtrigger.compiler.Trigger(name='promotions_promotion_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."code_key" IS DISTINCT FROM (NEW."code_key") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."first_order_only" IS DISTINCT FROM (NEW."first_order_only") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."max_discount" IS DISTINCT FROM (NEW."max_discount") OR OLD."min_total" IS DISTINCT FROM (NEW."min_total") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."once_per_customer" IS DISTINCT FROM (NEW."once_per_customer") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."usage_limit" IS DISTINCT FROM (NEW."usage_limit") OR OLD."value" IS DISTINCT FROM (NEW."value"))', constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='a13c195373fb79b307d71da4202baf206e34dcab', ignore_func_name='_pgtrigger_should_ignore', operation='UPDATE', pgid='pgtrigger_promotions_promotion_changes_b0984', table='promotions_promotion', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promotion',
            trigger=pgtrigger.compiler.Trigger(name='promotions_promotion_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(execute='catalog_move_revision()', func='RETURN NULL;', hash='e5e29c6c6464d753a14f1543312f8a8499c0afe9', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_promotions_promotion_truncated_2aee3', table='promotions_promotion', when='AFTER')),
        ),
        migrations.AddField(
            model_name='promotionuse',
            name='order',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='promotion_use', to='orders.order', verbose_name='order'),
        ),
        migrations.AddField(
            model_name='promotionuse',
            name='promotion',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='promotions.promotion', verbose_name='promotion'),
        ),
        migrations.AddField(
            model_name='promotionuse',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='customer'),
        ),
        migrations.AddIndex(
            model_name='promotionuse',
            index=models.Index(fields=['promotion'], name='promotions_use_of_promotion'),
        ),
        migrations.AddConstraint(
            model_name='promotionuse',
            constraint=models.UniqueConstraint(condition=models.Q(('once', True)), fields=('promotion', 'user'), name='promotions_promotionuse_once', violation_error_message='The customer has used this promotion already.'),
        ),
    ]
