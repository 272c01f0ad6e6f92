"""`manage.py bot check` against a Bot API on the loopback interface."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from notifications.models import Notification
from testing.bot_api import Answer, BotAPIServer, refusal

REPOSITORY = Path(__file__).resolve().parents[2]
CHAT = "-100200300"
ANYA = {"id": 12345, "type": "private", "first_name": "Аня", "last_name": "Ким", "username": "anya"}
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Managers"}


def ok(result: Any) -> Answer:
    return Answer(body=json.dumps({"ok": True, "result": result}).encode())


def message(chat: dict[str, Any]) -> dict[str, Any]:
    return {"message_id": 1, "chat": chat, "from": {"id": 1}, "text": "secret-text"}


@pytest.fixture
def telegram(bot_api: BotAPIServer) -> BotAPIServer:
    """Return a Bot API that knows the bot, without webhook and updates."""
    account = {"id": 1234567890, "is_bot": True, "first_name": "My shop", "username": "my_shop_bot"}
    bot_api.always = {
        "getMe": ok(account),
        "getWebhookInfo": ok({"url": "", "pending_update_count": 0}),
        "getUpdates": ok([]),
    }
    return bot_api


def updates(*parts: dict[str, Any]) -> Answer:
    return ok([{"update_id": 900 + number, **part} for number, part in enumerate(parts)])


def check() -> str:
    """Run the command; return its output."""
    output = io.StringIO()
    call_command("bot", "check", stdout=output, no_color=True)
    return output.getvalue()


def check_that_fails() -> str:
    """Run the command, expect a failure; return its output."""
    output = io.StringIO()
    with pytest.raises(CommandError, match="see above") as caught:
        call_command("bot", "check", stdout=output, no_color=True)
    assert caught.value.returncode == 1
    return output.getvalue()


def test_report_of_a_working_bot(telegram: BotAPIServer) -> None:
    member = {"chat": GROUP, "from": {"id": 1}, "new_chat_member": {"status": "member"}}
    telegram.always["getUpdates"] = updates(
        {"message": message(ANYA)},
        {"my_chat_member": member},
        {"callback_query": {"id": "1", "from": {"id": 1}, "message": message(GROUP)}},
        {"inline_query": {"id": "2", "from": {"id": 2}}},
        {"channel_post": message({"id": -1009, "type": "channel", "title": "News"})},
    )
    assert check() == (
        "The bot is @my_shop_bot, My shop.\n"
        "\n"
        "Who wrote to it lately, strangers included, as anybody may write to a bot:\n"
        "  -1009  channel: News\n"
        "  -1001234567890  supergroup: Managers\n"
        "  12345  private: Аня Ким (@anya)\n"
        "\n"
        "MANAGER_CHAT_ID, each with a test message:\n"
        "  -100200300  arrived\n"
        "\n"
        "All is well.\n"
    )
    assert telegram.texts(CHAT) == ["This is a test message: new orders will be reported in this chat."]


def test_updates_are_not_confirmed(telegram: BotAPIServer) -> None:
    """No offset confirms them, and no `allowed_updates` changes the result of the next reader."""
    check()
    assert [(call.method, call.body) for call in telegram.calls[:3]] == [
        ("getMe", {}),
        ("getWebhookInfo", {}),
        ("getUpdates", {}),
    ]


def test_test_message_is_in_the_language_of_the_shop(telegram: BotAPIServer, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "ru"
    check()
    assert telegram.texts(CHAT) == ["Это проверка связи: сюда будут приходить сообщения о новых заказах."]


@pytest.mark.parametrize(
    ("chat_id", "answer", "advice"),
    [
        ("5", refusal(400, "Bad Request: chat not found"), "write /start to the bot first"),
        ("5", refusal(403, "Forbidden: bot can't initiate conversation with a user"), "write /start to the bot first"),
        ("5", refusal(403, "Forbidden: bot was blocked by the user"), "has blocked the bot"),
        ("5", refusal(403, "Forbidden: user is deactivated"), "account is deleted"),
        ("5", refusal(403, "Forbidden: bots can't send messages to bots"), "the id of a bot"),
        ("-5", refusal(400, "Bad Request: chat not found"), "the bot is not in this group"),
        ("-5", refusal(400, "Bad Request: chat not found"), "begins with -100"),
        ("-1005", refusal(403, "Forbidden: bot was kicked from the supergroup chat"), "was removed from there"),
        ("-1005", refusal(403, "Forbidden: bot is not a member of the channel chat"), "the bot is not in it: add it"),
        ("-1005", refusal(400, "Bad Request: need administrator rights in the channel chat"), "an administrator"),
        ("-1005", refusal(400, "Bad Request: not enough rights to send text messages to the chat"), "permissions"),
        ("@my_shop", refusal(400, "Bad Request: chat not found"), "no public group or channel"),
        (
            "-5",
            refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1007),
            "the group became a supergroup: write -1007 instead",
        ),
        ("5", refusal(429, "Too Many Requests", retry_after=17), "a rest of 17 seconds"),
        ("5", refusal(502, "Bad Gateway"), "Look at the network"),
        ("5", Answer(hang_up=True), "could not be reached"),
        ("5", refusal(400, "Bad Request: something\x1b[2J new"), "Telegram says '400: Bad Request: something [2J new'"),
    ],
)
def test_unreachable_chat_is_reported_with_advice(
    chat_id: str, answer: Answer, advice: str, telegram: BotAPIServer, settings: Settings
) -> None:
    settings.MANAGER_CHAT_IDS = [chat_id, CHAT]
    telegram.script(chat_id, answer)
    said = check_that_fails()
    (line,) = [line for line in said.splitlines() if line.startswith(f"  {chat_id}  did not arrive: ")]
    assert advice in line
    assert f"  {CHAT}  arrived\n" in said  # a failed chat does not stop the check
    assert "All is well" not in said


@pytest.mark.parametrize("given", ["1234567890", "-1234567890", "1001234567890"])
def test_similar_chat_id_is_suggested(given: str, telegram: BotAPIServer, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS = [given]
    telegram.always["getUpdates"] = updates({"message": message(GROUP)})
    telegram.script(given, refusal(400, "Bad Request: chat not found"))
    assert "write -1001234567890 instead" in check_that_fails()


@pytest.mark.parametrize("status", [(401, "Unauthorized"), (404, "Not Found")])
def test_wrong_token_ends_the_report(status: tuple[int, str], telegram: BotAPIServer) -> None:
    telegram.always["getMe"] = refusal(*status)
    said = check_that_fails()
    assert "copy TELEGRAM_BOT_TOKEN from @BotFather again" in said
    assert said.count("\n") == 1
    assert len(telegram.calls) == 1


def test_webhook_is_reported_without_its_secret_path(telegram: BotAPIServer) -> None:
    telegram.always["getWebhookInfo"] = ok({"url": "https://user:pass-word@shop.example.org/secret-path?key=x"})
    said = check()
    assert "A webhook is set, at shop.example.org." in said
    assert f"  {CHAT}  arrived" in said
    assert "secret" not in said
    assert "pass-word" not in said
    assert "getUpdates" not in [call.method for call in telegram.calls]


def test_conflict_with_another_reader_of_updates_is_reported(telegram: BotAPIServer) -> None:
    telegram.always["getUpdates"] = refusal(409, "Conflict: terminated by other getUpdates request")
    said = check_that_fails()
    assert "another program is asking for them right now" in said
    assert f"  {CHAT}  arrived" in said


def test_report_without_updates(telegram: BotAPIServer) -> None:
    said = check()
    assert "No chat wrote to it in the last 24 hours" in said
    assert "/start@my_shop_bot" in said


def test_names_are_printed_without_control_characters(telegram: BotAPIServer) -> None:
    odd = "\x1b]0;owned\x07\x1b[31m\r\n\u202egnp\u2066.\u200b\u200f\u2028x" + "y" * 500
    telegram.always["getUpdates"] = updates(
        {"message": message({"id": 6, "type": odd, "first_name": odd, "last_name": ["x"], "username": odd})},
        {"message": message({"id": 7, "type": "private", "first_name": "\x00 \u202e"})},
        {"message": message({"id": "8\x1b[2J", "type": "private"})},
        {"message": "no object", "chat": 5, "callback_query": {"message": "none"}},
    )
    said = check()
    assert said.replace("\n", "").isprintable()
    assert "]0;owned [31m gnp . xyyy" in said
    assert max(map(len, said.splitlines())) < 250
    assert "  7  private: \n" in said
    assert "  8" not in said


def test_long_list_of_chats_is_cut(telegram: BotAPIServer) -> None:
    telegram.always["getUpdates"] = updates(*({"message": message(ANYA | {"id": n + 1})} for n in range(25)))
    said = check()
    assert said.count("Аня Ким") == 20
    assert "  … and 5 more\n" in said


@pytest.mark.parametrize(
    "answer", [ok("text"), ok([1]), Answer(body=b"[]"), Answer(body=b"\xff"), Answer(status=302)], ids=repr
)
@pytest.mark.parametrize("method", ["getMe", "getWebhookInfo", "getUpdates"])
def test_unexpected_response_is_reported(method: str, answer: Answer, telegram: BotAPIServer) -> None:
    telegram.always[method] = answer
    assert "Look at the network, and at TELEGRAM_API_URL" in check_that_fails()


@pytest.mark.parametrize("url", ["http://[", "rubbish", "https:///"])
def test_invalid_webhook_url_is_reported(url: str, telegram: BotAPIServer) -> None:
    telegram.always["getWebhookInfo"] = ok({"url": url})
    assert "A webhook is set, at an unknown host." in check()


def test_wrong_bot_username_is_reported(telegram: BotAPIServer, settings: Settings) -> None:
    settings.TELEGRAM_BOT_USERNAME = "MY_SHOP_BOT"
    assert "TELEGRAM_BOT_USERNAME" not in check()
    settings.TELEGRAM_BOT_USERNAME = "other_bot"
    assert "TELEGRAM_BOT_USERNAME: is other_bot, so links lead to another bot; write my_shop_bot" in check_that_fails()


def test_email_addresses_alone_are_accepted(telegram: BotAPIServer, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS = []
    assert "managers are told by e-mail" in check()


def test_missing_token_is_reported_with_advice(settings: Settings) -> None:
    settings.TELEGRAM_BOT_TOKEN = ""
    with pytest.raises(CommandError, match="TELEGRAM_BOT_TOKEN: is not set; put the token that @BotFather gave"):
        check()


@pytest.mark.django_db
def test_check_writes_nothing_to_the_outbox(telegram: BotAPIServer) -> None:
    check()
    assert not Notification.objects.exists()


def test_first_step_of_the_readme_needs_only_the_token(telegram: BotAPIServer, settings: Settings) -> None:
    """Run as a process without chat, database or other settings, as in the README's search for the chat id."""
    telegram.always["getUpdates"] = updates({"message": message(GROUP)})
    environment = {"DEBUG": "on", "TELEGRAM_BOT_TOKEN": settings.TELEGRAM_BOT_TOKEN, "TELEGRAM_API_URL": telegram.url}

    def run(**variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", "bot", "check"],
            cwd=REPOSITORY,
            env=environment | {"PYTHONIOENCODING": "ascii"} | variables,
            capture_output=True,
            encoding="ascii",
            timeout=60,
            check=False,
        )

    before = run(MANAGER_CHAT_ID="")
    assert before.returncode == 1
    assert "  -1001234567890  supergroup: Managers\n" in before.stdout
    assert "MANAGER_CHAT_ID: is not set; put the ids of the managers' chats into .env." in before.stdout
    assert before.stderr == "CommandError: Not all is well: see above.\n"
    after = run(MANAGER_CHAT_ID="-1001234567890")
    assert (after.returncode, after.stderr) == (0, "")
    assert len(telegram.texts("-1001234567890")) == 1
    # With DEBUG off, a shop without managers' addresses does not start, and says how to find the id.
    server = run(
        DEBUG="off", SECRET_KEY="x" * 50, ALLOWED_HOSTS="x", DATABASE_URL="postgresql://x/x", MANAGER_CHAT_ID=""
    )
    assert "`DEBUG=on .venv/bin/python manage.py bot check` shows the ids" in server.stderr
    said = before.stdout + before.stderr + after.stdout + after.stderr
    for secret in (settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_BOT_TOKEN.partition(":")[2], "secret-text"):
        assert secret not in said
