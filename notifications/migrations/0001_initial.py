import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Now

MOVED = ["notification", "movedchat"]


def move_content_types(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep the permissions of staff and the admin's log: both refer to the content type."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    content_types.filter(app_label="orders", model__in=MOVED).update(app_label="notifications")


def move_content_types_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    content_types = apps.get_model("contenttypes", "ContentType").objects
    content_types.filter(app_label="notifications", model__in=MOVED).update(app_label="orders")


class Migration(migrations.Migration):
    """Takes over the tables of the orders app without moving rows."""

    initial = True

    dependencies = [
        ("orders", "0004_event_dispatched_at"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="MovedChat",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("old_chat_id", models.CharField(max_length=64, unique=True, verbose_name="old chat id")),
                        ("new_chat_id", models.CharField(max_length=64, verbose_name="new chat id")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                    ],
                    options={
                        "verbose_name": "moved chat",
                        "verbose_name_plural": "moved chats",
                        "db_table": "orders_movedchat",
                    },
                ),
                migrations.CreateModel(
                    name="Notification",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("channel", models.CharField(max_length=16, verbose_name="channel")),
                        (
                            "address",
                            models.CharField(
                                db_column="recipient",
                                help_text="A chat id or an e-mail address.",
                                max_length=254,
                                verbose_name="recipient",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("pending", "pending"), ("sent", "sent"), ("failed", "failed")],
                                default="pending",
                                max_length=16,
                                verbose_name="state",
                            ),
                        ),
                        ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                        ("first_attempt_at", models.DateTimeField(blank=True, null=True, verbose_name="first attempt at")),
                        ("next_attempt_at", models.DateTimeField(db_default=Now(), verbose_name="next attempt at")),
                        ("held_until", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                        ("message_id", models.BigIntegerField(blank=True, null=True, verbose_name="message id")),
                        ("last_error", models.CharField(blank=True, max_length=500, verbose_name="last error")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                        (
                            "event",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notifications",
                                to="orders.orderevent",
                                verbose_name="event",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "notification",
                        "verbose_name_plural": "notifications",
                        "db_table": "orders_notification",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "pending")),
                                fields=["channel", "address", "id"],
                                name="orders_notification_pending",
                            ),
                            models.Index(
                                condition=models.Q(("held_until__isnull", False), ("status", "pending")),
                                fields=["channel", "address"],
                                name="orders_notification_held",
                            ),
                            models.Index(
                                condition=models.Q(("status", "failed")),
                                fields=["id"],
                                name="orders_notification_failed",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("event", "channel", "address"), name="orders_notification_recipient_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("status__in", ["pending", "sent", "failed"])),
                                name="orders_notification_status_known",
                                violation_error_message="There is no such state.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["telegram", "email"])),
                                name="orders_notification_channel_known",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(move_content_types, move_content_types_back),
        # With database defaults: web processes of the previous version write rows until they are restarted.
        migrations.AddField(
            model_name="notification",
            name="audience",
            field=models.CharField(db_default="managers", max_length=32, verbose_name="audience"),
        ),
        migrations.AddField(
            model_name="notification",
            name="template",
            field=models.CharField(db_default="order", max_length=64, verbose_name="template"),
        ),
        migrations.AddField(
            model_name="notification",
            name="language",
            field=models.CharField(
                blank=True, db_default="", help_text="Empty: the shop's language.", max_length=8, verbose_name="language"
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                fields=("event", "audience", "channel", "address"),
                name="notifications_notification_once",
                violation_error_message="This recipient has a message about this event already.",
            ),
        ),
        migrations.RemoveConstraint(model_name="notification", name="orders_notification_recipient_once"),
        # Channels come from settings.CHANNELS.
        migrations.RemoveConstraint(model_name="notification", name="orders_notification_channel_known"),
    ]
