"""Check of the bot for `manage.py bot check`: its name, recent chats, and a test message to the managers."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.telegram.bot_api import BotAPI
from shop.telegram.errors import ChatMoved, Misconfigured, PermanentError, TelegramError, TooManyRequests

MAX_NAME = 64  # characters, also of a group's title: a long one must not fill the screen
MAX_CHATS = 20
# Advice by a part of Telegram's error description in lower case.
ADVICE = (
    ("unauthorized", "Telegram does not know this token: copy TELEGRAM_BOT_TOKEN from @BotFather again"),
    ("bot was blocked", "this person has blocked the bot: open the bot in Telegram and press Restart"),
    ("can't initiate conversation", "write /start to the bot first, from this person's account"),
    ("user is deactivated", "this person's account is deleted: take another chat"),
    ("was kicked", "the bot was removed from there: add it again"),
    ("is not a member", "the bot is not in it: add it"),
    ("administrator rights", "make the bot an administrator there"),
    ("rights to send", "the bot may not write there: allow it in the permissions of the group or channel"),
    ("chat_write_forbidden", "the bot may not write there: allow it in the permissions of the group or channel"),
    (
        "messages to bots",
        "this is the id of a bot, and bots cannot write to each other: take that of a person or a group",
    ),
)


class Finding(NamedTuple):
    """A line of the report."""

    text: str
    is_wrong: bool = False


def check(bot: BotAPI, chat_ids: Sequence[str]) -> Iterator[Finding]:
    """Query the Bot API and send a test message to each chat; yield each line as soon as it is known.

    :param chat_ids: the managers' chats.
    """
    try:
        account = bot.get_me()
    except TelegramError as error:
        yield Finding(f"The bot: {_advice(error)}", is_wrong=True)
        return
    yield from _identity(account)
    seen: dict[int, str] = {}
    try:
        webhook = _text(bot.get_webhook_info().get("url"))
        if webhook:
            yield Finding(
                f"\nA webhook is set, at {_host(webhook)}. While it is, Telegram does not tell here which chats wrote: "
                "the program there knows them."
            )
        else:
            seen = _chats(bot.get_updates())
            yield from _recent(seen, username=_printable(account.get("username")))
    except TelegramError as error:
        yield Finding(f"\nThe chats that wrote lately: {_advice(error)}", is_wrong=True)
    yield from _managers(bot, chat_ids, seen)


def _identity(account: Mapping[str, Any]) -> Iterator[Finding]:
    username = _printable(account.get("username"))
    yield Finding(f"The bot is @{username}, {_printable(account.get('first_name'))}.")
    expected = settings.TELEGRAM_BOT_USERNAME
    if expected and expected.lower() != username.lower():
        yield Finding(f"TELEGRAM_BOT_USERNAME: is {expected}, so links lead to another bot; write {username}", True)


def _recent(seen: Mapping[int, str], *, username: str) -> Iterator[Finding]:
    if not seen:
        yield Finding(
            "\nNo chat wrote to it in the last 24 hours, or another program has taken what they wrote. Write to the "
            f"bot, or add it to a group and write /start@{username} there; then run this again."
        )
        return
    yield Finding("\nWho wrote to it lately, strangers included, as anybody may write to a bot:")
    for chat_id, name in list(seen.items())[:MAX_CHATS]:
        yield Finding(f"  {chat_id}  {name}")
    if len(seen) > MAX_CHATS:
        yield Finding(f"  … and {len(seen) - MAX_CHATS} more")


def _managers(bot: BotAPI, chat_ids: Sequence[str], seen: Mapping[int, str]) -> Iterator[Finding]:
    if not chat_ids and settings.ADMIN_EMAILS:
        yield Finding("\nMANAGER_CHAT_ID: is not set; managers are told by e-mail.")
        return
    if not chat_ids:
        yield Finding("\nMANAGER_CHAT_ID: is not set; put the ids of the managers' chats into .env.", is_wrong=True)
        return
    yield Finding("\nMANAGER_CHAT_ID, each with a test message:")
    with override(settings.LANGUAGE_CODE):
        text = _("This is a test message: new orders will be reported in this chat.")
    for chat_id in chat_ids:
        try:
            bot.send_message(chat_id, text)
        except TelegramError as error:
            yield Finding(f"  {chat_id}  did not arrive: {_advice(error, chat_id, seen)}", is_wrong=True)
        else:
            yield Finding(f"  {chat_id}  arrived")


def _advice(error: TelegramError, chat_id: str = "", seen: Mapping[int, str] | None = None) -> str:
    """Return what to do about an error; for an unknown one, return Telegram's description."""
    if isinstance(error, ChatMoved):
        return f"the group became a supergroup: write {error.new_chat_id} instead"
    if isinstance(error, TooManyRequests):
        return f"Telegram asks for a rest of {error.retry_after} seconds: run this again then"
    telegrams_words = _printable(str(error), 300)
    if not isinstance(error, PermanentError | Misconfigured):
        return f"{telegrams_words} Look at the network, and at TELEGRAM_API_URL"
    said = telegrams_words.lower()
    if "chat not found" in said:
        return _no_such_chat(chat_id, seen or {})
    if "conflict" in said:
        return "another program is asking for them right now with this token: stop it, and run this again"
    if not chat_id and "not found" in said:
        return "there is no such bot: copy TELEGRAM_BOT_TOKEN from @BotFather again, and look at TELEGRAM_API_URL"
    known = (advice for words, advice in ADVICE if words in said)
    return next(known, f"Telegram says {telegrams_words!r}")


def _no_such_chat(chat_id: str, seen: Mapping[int, str]) -> str:
    digits = chat_id.lstrip("-")
    for other in map(str, seen):
        # The minus is missing, or the -100 that clients do not show.
        if other != chat_id and other.lstrip("-") in (digits, f"100{digits}"):
            return f"there is no such chat; one that wrote lately has nearly this id: write {other} instead"
    if chat_id.startswith("@"):
        return "there is no public group or channel of this name; a person is told by id, not by name"
    if chat_id.startswith("-"):
        return "the bot is not in this group: add it; the id of a supergroup or channel begins with -100"
    return "write /start to the bot first, from this person's account; the id of a group begins with a minus"


def _chats(updates: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Return descriptions of the chats of updates by chat id, the latest first."""
    found: dict[int, str] = {}
    for update in reversed(updates):
        for part in update.values():
            # A message, a change of membership and so on; a callback query contains its message.
            chat = (part.get("chat") or _mapping(part.get("message")).get("chat")) if isinstance(part, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                found.setdefault(chat["id"], _described(chat))
    return found


def _described(chat: Mapping[str, Any]) -> str:
    names = [_text(chat.get(key)) for key in ("title", "first_name", "last_name")]
    name = _printable(" ".join(filter(None, names)))
    username = _printable(chat.get("username"))
    return f"{_printable(chat.get('type'))}: {name}" + (f" (@{username})" if username else "")


def _host(url: str) -> str:
    """Return the host of a URL; its path may be a secret."""
    try:
        return _printable(urlsplit(url).hostname) or "an unknown host"
    except ValueError:
        return "an unknown host"


def _printable(value: object, length: int = MAX_NAME) -> str:
    """Make untrusted text safe for a terminal: no escape sequences, no bidi marks, one line."""
    kept = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in _text(value))
    text = re.sub(r" +", " ", kept).strip()
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
