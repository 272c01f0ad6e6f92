"""Trigger that notifies accounts/customer_cache.py of changed customers."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION accounts_notify_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM pg_notify('accounts_user', '');
    ELSE
        PERFORM pg_notify('accounts_user', OLD.telegram_id::text);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER accounts_user_changed AFTER UPDATE OR DELETE ON accounts_user
    FOR EACH ROW WHEN (OLD.telegram_id IS NOT NULL) EXECUTE FUNCTION accounts_notify_of_user();
CREATE TRIGGER accounts_user_emptied AFTER TRUNCATE ON accounts_user EXECUTE FUNCTION accounts_notify_of_user();
"""
BACKWARD = """
DROP TRIGGER accounts_user_emptied ON accounts_user;
DROP TRIGGER accounts_user_changed ON accounts_user;
DROP FUNCTION accounts_notify_of_user();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
