import django.db.models.expressions
import django.db.models.functions.comparison
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


# An order of before has its discounts and fees in one sum: which items they were for is not known.
FILL = """
UPDATE orders_order SET
    subtotal = (SELECT coalesce(sum(price * quantity), 0) FROM orders_orderitem WHERE order_id = orders_order.id),
    surcharge = total - (SELECT coalesce(sum(price * quantity), 0) FROM orders_orderitem WHERE order_id = orders_order.id)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0009_variants'),
        ('orders', '0008_consent'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='orderevent',
            name='orders_orderevent_kind_known',
        ),
        migrations.AddField(
            model_name='order',
            name='deliver_on',
            field=models.DateField(blank=True, null=True, verbose_name='deliver on'),
        ),
        migrations.AddField(
            model_name='order',
            name='delivery_agreed',
            field=models.BooleanField(db_default=True, default=True, verbose_name='delivery price agreed'),
        ),
        migrations.AddField(
            model_name='order',
            name='delivery_kind',
            field=models.CharField(blank=True, db_default='', default='', max_length=16, verbose_name='delivery'),
        ),
        migrations.AddField(
            model_name='order',
            name='delivery_method_id',
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='delivery_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='delivery'),
        ),
        migrations.AddField(
            model_name='order',
            name='delivery_price',
            field=models.DecimalField(blank=True, db_default=0, decimal_places=2, default=0, max_digits=12, null=True, verbose_name='delivery price'),
        ),
        migrations.AddField(
            model_name='order',
            name='discount',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=12, verbose_name='discount'),
        ),
        migrations.AddField(
            model_name='order',
            name='payment_method_id',
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='payment_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='payment'),
        ),
        migrations.AddField(
            model_name='order',
            name='payment_text',
            field=models.CharField(blank=True, db_default='', default='', max_length=1000, verbose_name='how to pay'),
        ),
        migrations.AddField(
            model_name='order',
            name='pickup_point',
            field=models.CharField(blank=True, db_default='', default='', max_length=700, verbose_name='pick-up point'),
        ),
        migrations.AddField(
            model_name='order',
            name='postcode',
            field=models.CharField(blank=True, db_default='', default='', max_length=12, verbose_name='postcode'),
        ),
        migrations.AddField(
            model_name='order',
            name='promo_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=32, verbose_name='promo code'),
        ),
        migrations.AddField(
            model_name='order',
            name='promo_terms',
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='order',
            name='promotion_id',
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='slot',
            field=models.CharField(blank=True, db_default='', default='', max_length=50, verbose_name='time'),
        ),
        migrations.AddField(
            model_name='order',
            name='subtotal',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='products'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='order',
            name='surcharge',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=12, verbose_name='surcharge'),
        ),
        migrations.AddField(
            model_name='order',
            name='town',
            field=models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='town'),
        ),
        migrations.AddField(
            model_name='orderitem',
            name='discount',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=12, verbose_name='discount'),
        ),
        migrations.AlterField(
            model_name='orderevent',
            name='kind',
            field=models.CharField(choices=[('placed', 'placed'), ('status_changed', 'status changed'), ('delivery_priced', 'delivery priced'), ('delivery_agreed', 'delivery price agreed')], max_length=16, verbose_name='what'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('subtotal'), '-', models.F('discount')), '+', models.F('surcharge')), '+', django.db.models.functions.comparison.Coalesce(models.F('delivery_price'), Decimal('0'), output_field=models.DecimalField())))), name='orders_order_total_is_sum', violation_error_message='The total is the products less the discount, with delivery and surcharges.'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('discount__gte', 0), ('discount__lte', models.F('subtotal'))), name='orders_order_discount_of_products', violation_error_message='The discount cannot be below zero, or above the sum of the products.'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('delivery_price__gte', 0)), name='orders_order_delivery_price_not_negative', violation_error_message='The delivery price cannot be below zero.'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['new', 'cancelled']), models.Q(('delivery_agreed', True), ('delivery_price__isnull', False)), _connector='OR'), name='orders_order_delivery_agreed', violation_error_message='The customer has not agreed to the delivery price yet.'),
        ),
        migrations.AddConstraint(
            model_name='orderevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['placed', 'status_changed', 'delivery_priced', 'delivery_agreed'])), name='orders_orderevent_kind_known', violation_error_message='There is no such event.'),
        ),
        migrations.AddConstraint(
            model_name='orderitem',
            constraint=models.CheckConstraint(condition=models.Q(('discount', 0), models.Q(('discount__gt', 0), ('discount__lte', django.db.models.expressions.CombinedExpression(models.F('price'), '*', models.F('quantity')))), _connector='OR'), name='orders_orderitem_discount_of_item', violation_error_message='The discount cannot be below zero, or above the sum of the item.'),
        ),
    ]
