import django.contrib.postgres.fields
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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalDeliveryMethod',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('courier', 'courier'), ('pickup', 'pick-up at a point of the shop'), ('carrier_point', 'pick-up point of a carrier'), ('post', 'post'), ('digital', 'by message, without delivery')], max_length=16, verbose_name='kind')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('description', models.CharField(blank=True, help_text='Such as “Tomorrow from 10 to 18”.', max_length=300, verbose_name='description')),
                ('places', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, help_text='Towns, or the first digits of postcodes, one on a line. Empty: everywhere.', size=None, verbose_name='places')),
                ('price', models.DecimalField(blank=True, decimal_places=2, help_text='Empty: you set it for each order, and the customer agrees to it. 0: free.', max_digits=12, null=True, verbose_name='price')),
                ('free_from', models.DecimalField(blank=True, decimal_places=2, help_text='Sum of the products after discounts. Empty: never free.', max_digits=12, null=True, verbose_name='free from')),
                ('min_total', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='Sum of the products after discounts. 0: no minimum.', max_digits=12, verbose_name='minimum order')),
                ('per_kg', models.DecimalField(blank=True, decimal_places=2, help_text='Added for each kilogram begun above the included weight. If the weight of a product is not known, you set the price for the order.', max_digits=12, null=True, verbose_name='price per kilogram')),
                ('included_g', models.PositiveIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='included weight, g')),
                ('max_weight_g', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='maximum weight, g')),
                ('first_day', models.PositiveSmallIntegerField(blank=True, help_text='Days from today to the first day that a customer may choose. Empty: customers choose no day.', null=True, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='earliest delivery, days')),
                ('slots', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, help_text='Such as 10:00–14:00, one on a line. Empty: customers choose no time.', size=None, verbose_name='times')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('position', models.PositiveIntegerField(default=0, help_text='Smaller numbers come first.', verbose_name='position')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='updated at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical delivery method',
                'verbose_name_plural': 'historical delivery methods',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPickupPoint',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('town', models.CharField(max_length=100, verbose_name='town')),
                ('address', models.CharField(max_length=300, verbose_name='address')),
                ('hours', models.CharField(blank=True, max_length=200, verbose_name='hours')),
                ('phone', models.CharField(blank=True, max_length=32, verbose_name='phone')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='longitude')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('position', models.PositiveIntegerField(default=0, help_text='Smaller numbers come first.', verbose_name='position')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical pick-up point',
                'verbose_name_plural': 'historical pick-up points',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PickupPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('town', models.CharField(max_length=100, verbose_name='town')),
                ('address', models.CharField(max_length=300, verbose_name='address')),
                ('hours', models.CharField(blank=True, max_length=200, verbose_name='hours')),
                ('phone', models.CharField(blank=True, max_length=32, verbose_name='phone')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='longitude')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('position', models.PositiveIntegerField(default=0, help_text='Smaller numbers come first.', verbose_name='position')),
            ],
            options={
                'verbose_name': 'pick-up point',
                'verbose_name_plural': 'pick-up points',
            },
        ),
        migrations.CreateModel(
            name='DeliveryMethod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('courier', 'courier'), ('pickup', 'pick-up at a point of the shop'), ('carrier_point', 'pick-up point of a carrier'), ('post', 'post'), ('digital', 'by message, without delivery')], max_length=16, verbose_name='kind')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('description', models.CharField(blank=True, help_text='Such as “Tomorrow from 10 to 18”.', max_length=300, verbose_name='description')),
                ('places', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, help_text='Towns, or the first digits of postcodes, one on a line. Empty: everywhere.', size=None, verbose_name='places')),
                ('price', models.DecimalField(blank=True, decimal_places=2, help_text='Empty: you set it for each order, and the customer agrees to it. 0: free.', max_digits=12, null=True, verbose_name='price')),
                ('free_from', models.DecimalField(blank=True, decimal_places=2, help_text='Sum of the products after discounts. Empty: never free.', max_digits=12, null=True, verbose_name='free from')),
                ('min_total', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='Sum of the products after discounts. 0: no minimum.', max_digits=12, verbose_name='minimum order')),
                ('per_kg', models.DecimalField(blank=True, decimal_places=2, help_text='Added for each kilogram begun above the included weight. If the weight of a product is not known, you set the price for the order.', max_digits=12, null=True, verbose_name='price per kilogram')),
                ('included_g', models.PositiveIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='included weight, g')),
                ('max_weight_g', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='maximum weight, g')),
                ('first_day', models.PositiveSmallIntegerField(blank=True, help_text='Days from today to the first day that a customer may choose. Empty: customers choose no day.', null=True, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='earliest delivery, days')),
                ('slots', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, help_text='Such as 10:00–14:00, one on a line. Empty: customers choose no time.', size=None, verbose_name='times')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('position', models.PositiveIntegerField(default=0, help_text='Smaller numbers come first.', verbose_name='position')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
            ],
            options={
                'verbose_name': 'delivery method',
                'verbose_name_plural': 'delivery methods',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['courier', 'pickup', 'carrier_point', 'post', 'digital'])), name='delivery_deliverymethod_kind_known', violation_error_message='There is no such kind of delivery.'), models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='delivery_deliverymethod_price_not_negative', violation_error_message='The amount cannot be below zero.'), models.CheckConstraint(condition=models.Q(('free_from__gte', 0)), name='delivery_deliverymethod_free_from_not_negative', violation_error_message='The amount cannot be below zero.'), models.CheckConstraint(condition=models.Q(('min_total__gte', 0)), name='delivery_deliverymethod_min_total_not_negative', violation_error_message='The amount cannot be below zero.'), models.CheckConstraint(condition=models.Q(('per_kg__gte', 0)), name='delivery_deliverymethod_per_kg_not_negative', violation_error_message='The amount cannot be below zero.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deliverymethod',
            trigger=pgtrigger.compiler.Trigger(name='delivery_deliverymethod_rows', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='3bcbaa5570e9f02bc3e1d5730a897dbef1359ab9', ignore_func_name='_pgtrigger_should_ignore', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_delivery_deliverymethod_rows_8de3e', table='delivery_deliverymethod', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deliverymethod',
            trigger=pgtrigger.compiler.Trigger(name='delivery_deliverymethod_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(execute='catalog_move_revision()', func='RETURN NULL;', hash='17b4fa108bee01be4f2d2338b136563103c773d7', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_delivery_deliverymethod_truncated_722d8', table='delivery_deliverymethod', when='AFTER')),
        ),
        migrations.AddField(
            model_name='historicaldeliverymethod',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalpickuppoint',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalpickuppoint',
            name='method',
            field=models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'kind': 'pickup'}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='delivery.deliverymethod', verbose_name='delivery method'),
        ),
        migrations.AddField(
            model_name='pickuppoint',
            name='method',
            field=models.ForeignKey(limit_choices_to={'kind': 'pickup'}, on_delete=django.db.models.deletion.CASCADE, related_name='pickup_points', to='delivery.deliverymethod', verbose_name='delivery method'),
        ),
        migrations.AddConstraint(
            model_name='pickuppoint',
            constraint=models.CheckConstraint(condition=models.Q(('latitude__isnull', True), ('latitude__range', (-90, 90)), _connector='OR'), name='delivery_pickuppoint_latitude_range', violation_error_message='The latitude is between -90 and 90.'),
        ),
        migrations.AddConstraint(
            model_name='pickuppoint',
            constraint=models.CheckConstraint(condition=models.Q(('longitude__isnull', True), ('longitude__range', (-180, 180)), _connector='OR'), name='delivery_pickuppoint_longitude_range', violation_error_message='The longitude is between -180 and 180.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pickuppoint',
            trigger=pgtrigger.compiler.Trigger(name='delivery_pickuppoint_rows', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', execute='catalog_move_revision()', func='RETURN NULL;', hash='369e7282a7d4591bf4f36dad74e1c30b5d945a77', ignore_func_name='_pgtrigger_should_ignore', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_delivery_pickuppoint_rows_2966e', table='delivery_pickuppoint', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pickuppoint',
            trigger=pgtrigger.compiler.Trigger(name='delivery_pickuppoint_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(execute='catalog_move_revision()', func='RETURN NULL;', hash='3bc1fac9d053ab121d70377bc4f4ccb5b96e916b', ignore_func_name='_pgtrigger_should_ignore', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_delivery_pickuppoint_truncated_26a36', table='delivery_pickuppoint', when='AFTER')),
        ),
    ]
