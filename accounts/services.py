"""Services of accounts: sign-in of Telegram users and profile changes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import OperationalError

from accounts.customer_cache import customers
from accounts.init_data import TelegramUser
from accounts.models import User

# A smaller value costs more UPDATEs, up to one per request; staff need no more precision than this.
LAST_SEEN_PRECISION = timedelta(hours=1)
# Prefix of a customer's user name. The admin form refuses a colon, so no staff account can have such a name.
CUSTOMER_NAME = "tg:"


class CustomerDeleted(OperationalError):
    """Staff deleted the customer during the request: answered with 503, and the next request creates the row again."""


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
        try:
            _change(user, {name: reported[name] for name in changed})
        except CustomerDeleted:
            return _first_contact(telegram_user.id, _reported(telegram_user), now)
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
    try:
        return User.objects.get(telegram_id=telegram_id)
    except User.DoesNotExist:
        # A superuser has cleared the customer's Telegram id. Only the customer of this id ever gets this user name.
        User.objects.filter(username=user.username, telegram_id=None).update(telegram_id=telegram_id)
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
    """Change a customer's profile: `phone`, `language_code`.

    :raises CustomerDeleted: if staff have deleted the customer meanwhile.
    """
    if changes:
        _change(user, changes)
    return user


def _change(user: User, changes: Mapping[str, object]) -> None:
    for name, value in changes.items():
        setattr(user, name, value)
    is_there = User.objects.filter(pk=user.pk).update(**changes)
    customers.forget(user.telegram_id)
    if not is_there:
        raise CustomerDeleted("The customer was deleted meanwhile.")
