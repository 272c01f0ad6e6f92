"""SQL function that counts a customer's unconfirmed orders, for the limits in orders/placing/limits.py.

It locks the customer's row, so that the orders of one customer are placed one after the other. It is volatile: each of
its statements has its own snapshot, so the second one sees the rows of the transaction that held the lock
(https://www.postgresql.org/docs/current/xfunc-volatility.html).
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION orders_open_of(customer bigint, OUT orders bigint, OUT pieces bigint, OUT total numeric)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM FROM accounts_user WHERE id = customer FOR NO KEY UPDATE;
    SELECT count(*), coalesce(sum(open.pieces), 0), coalesce(sum(open.total), 0) INTO orders, pieces, total
    FROM (
        SELECT placed.total, (SELECT sum(quantity) FROM orders_orderitem WHERE order_id = placed.id) AS pieces
        FROM orders_order placed WHERE user_id = customer AND status = 'new'
    ) AS open;
END $$;
"""
BACKWARD = "DROP FUNCTION orders_open_of(bigint);"


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_notification_held"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
