"""Services of accounts: sign-in of Telegram users and profile changes."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from accounts.customer_cache import customers
from accounts.init_data import TelegramUser
from accounts.models import User

# A smaller value costs more UPDATEs, up to one per request; staff need no more precision than this.
LAST_SEEN_PRECISION = timedelta(hours=1)
# Prefix of a customer's user name. The admin form refuses a colon, so no staff account can have such a name.
CUSTOMER_NAME = "tg:"


def sign_in(*, telegram_user: TelegramUser, now: datetime) -> User:
    """Find or create the customer of a Telegram user, and save the fields that have changed in Telegram."""
    reported = _reported(telegram_user)
    user = customers.find(telegram_user.id)
    if user is None:
        return _first_contact(telegram_user.id, reported, now)
    changed = [name for name, value in reported.items() if getattr(user, name) != value]
    if user.last_seen_at is None or now - user.last_seen_at >= LAST_SEEN_PRECISION:
        reported["last_seen_at"] = now
        changed.append("last_seen_at")
    if changed:
        for name in changed:
            setattr(user, name, reported[name])
        user.save(update_fields=changed)
        customers.forget(user.telegram_id)
    return user


def _first_contact(telegram_id: int, reported: dict[str, object], now: datetime) -> User:
    user = User(
        username=f"{CUSTOMER_NAME}{telegram_id}",
        telegram_id=telegram_id,
        password=make_password(None),
        last_seen_at=now,
        **reported,
    )
    # Two first requests at once: one inserts the row, both read it.
    User.objects.bulk_create([user], ignore_conflicts=True)
    return User.objects.get(telegram_id=telegram_id)


def _reported(telegram_user: TelegramUser) -> dict[str, object]:
    return {
        "telegram_username": telegram_user.username[:64],
        "first_name": telegram_user.first_name[:150],
        "last_name": telegram_user.last_name[:150],
        "telegram_language_code": telegram_user.language_code[:35],
        "photo_url": telegram_user.photo_url[:500],
        "is_premium": telegram_user.is_premium,
        "allows_write_to_pm": telegram_user.allows_write_to_pm,
    }


def change_profile(*, user: User, **changes: str) -> User:
    """Change a customer's profile: `phone`, `language_code`."""
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=list(changes))
    customers.forget(user.telegram_id)
    return user
