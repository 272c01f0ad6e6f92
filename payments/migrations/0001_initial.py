import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        # The triggers execute its function catalog_move_revision().
        ('catalog', '0008_revision_triggers_execute'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalPaymentMethod',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('cash', 'on delivery'), ('transfer', 'transfer')], max_length=16, verbose_name='kind')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('text', models.CharField(blank=True, help_text='Customers see it with the order, such as the details of a transfer.', max_length=1000, verbose_name='how to pay')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('position', models.PositiveIntegerField(default=0, help_text='Smaller numbers come first.', verbose_name='position')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical payment method',
                'verbose_name_plural': 'historical payment methods',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PaymentMethod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('cash', 'on delivery'), ('transfer', 'transfer')], max_length=16, verbose_name='kind')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('text', models.CharField(blank=True, help_text='Customers see it with the order, such as the details of a transfer.', max_length=1000, verbose_name='how to pay')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('position', models.PositiveIntegerField(default=0, help_text='Smaller numbers come first.', verbose_name='position')),
            ],
            options={
                'verbose_name': 'payment method',
                'verbose_name_plural': 'payment methods',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['cash', 'transfer'])), name='payments_paymentmethod_kind_known', violation_error_message='There is no such kind of payment.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paymentmethod',
            trigger=pgtrigger.compiler.Trigger(name='payments_paymentmethod_rows', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='c0c402b42959570a13c9994f92ce482cc17046e1', ignore_func_name='_pgtrigger_should_ignore', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_payments_paymentmethod_rows_85d76', table='payments_paymentmethod', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paymentmethod',
            trigger=pgtrigger.compiler.Trigger(name='payments_paymentmethod_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(execute='catalog_move_revision()', func='RETURN NULL;', hash='5bca6de003d802170480c6235e1ea90560cf8ee8', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_payments_paymentmethod_truncated_b0cea', table='payments_paymentmethod', when='AFTER')),
        ),
    ]
