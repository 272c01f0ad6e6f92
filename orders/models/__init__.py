"""What was bought, what happened to it, and who was told."""

from orders.models.notification import MovedChat, Notification
from orders.models.order import Order, OrderEvent, OrderItem

__all__ = ["MovedChat", "Notification", "Order", "OrderEvent", "OrderItem"]
