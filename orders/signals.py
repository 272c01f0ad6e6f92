"""Signals of orders, a public extension point: analytics, a CRM, webhooks.

Both are sent after the commit, with `send_robust`: an exception in a receiver affects neither the order nor the other
receivers, and is logged by Django. Receivers run in the request: defer anything slow.
"""

from django.dispatch import Signal

# Sent with `order: Order` and `event: OrderEvent`.
order_placed = Signal()
order_status_changed = Signal()
order_delivery_priced = Signal()  # also when the customer has agreed to the price
