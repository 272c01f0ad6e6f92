from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Make the event the outbox: the notifications app writes notifications when it dispatches the event."""

    dependencies = [("orders", "0003_open_orders")]

    operations = [
        # Existing events have their notifications: PostgreSQL fills a new column from its default without a rewrite.
        migrations.AddField(
            model_name="orderevent",
            name="dispatched_at",
            field=models.DateTimeField(blank=True, db_default=Now(), editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="orderevent",
            name="dispatched_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="orderevent",
            index=models.Index(
                condition=models.Q(("dispatched_at", None)),
                fields=["id"],
                name="orders_orderevent_undispatched",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="Notification"),
                migrations.DeleteModel(name="MovedChat"),
            ],
        ),
    ]
