"""What was bought, what happened to it, and who was told."""

from orders.models.notification import MovedChat, Notification, NotificationQuerySet
from orders.models.order import Order, OrderEvent, OrderItem

__all__ = ["MovedChat", "Notification", "NotificationQuerySet", "Order", "OrderEvent", "OrderItem"]
