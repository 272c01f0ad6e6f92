"""What others may listen to: analytics, a CRM, webhooks.

Both are sent after the commit, with `send_robust`, so a receiver that fails harms neither the order nor the
other receivers; what it raised is logged by Django. Receivers run in the request: defer anything slow.
"""

from django.dispatch import Signal

# Sent with `order: Order` and `event: OrderEvent`.
order_placed = Signal()
order_status_changed = Signal()
