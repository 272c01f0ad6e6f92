"""Verification of init data: only what Telegram signed is accepted."""

import hashlib
import hmac
import json
import string
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from accounts.init_data import (
    BadHash,
    Expired,
    FromFuture,
    InitDataError,
    Malformed,
    Missing,
    NoUser,
    TelegramUser,
    parse,
    sign,
    verify,
)

VECTORS = json.loads(Path(__file__).with_name("init_data_vectors.json").read_text())["vectors"]
TOKEN = VECTORS[0]["bot_token"]
NOW = 1_760_000_000
ANYA = TelegramUser(
    id=4503599627370495,
    first_name='Аня "Q" & Co = 100%',
    last_name="",
    username="anya_q",
    language_code="ru",
    photo_url="https://t.me/i/userpic/320/x-_y.svg",
    is_premium=True,
    allows_write_to_pm=True,
)
REFUSED_BY_POLICY = {
    "refuse: no user": NoUser,
    "refuse: no auth_date": Malformed,
    "refuse: future": FromFuture,
    "refuse: bad user": Malformed,
}
REFUSED_BY_REASON = {
    "hash_mismatch": BadHash,
    "hash_missing": Malformed,
    "duplicate_key": Malformed,
    "malformed": Malformed,
    "malformed_or_hash_mismatch": Malformed,
}


def check(init_data: str, *, bot_token: str = TOKEN, now: int = NOW, ttl: int = 3600) -> TelegramUser:
    return verify(init_data, bot_token=bot_token, now=now, ttl=ttl)


def signed(user: Any = None, *, bot_token: str = TOKEN, **fields: str) -> str:
    """Sign init data now, of Anya by default; `user` is JSON text or a value to serialize."""
    text = user if isinstance(user, str) else json.dumps({"id": 7} if user is None else user)
    return sign({"auth_date": str(NOW), "user": text} | fields, bot_token)


def refusal(init_data: str, **how: Any) -> InitDataError:
    """Return the exception; its message must not contain any part of the init data."""
    with pytest.raises(InitDataError) as caught:
        check(init_data, **how)
    error = caught.value
    for _, value in parts(init_data):
        assert len(value) < 5 or value not in str(error)
    assert TOKEN not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    return error


def parts(init_data: str) -> list[tuple[str, str]]:
    return [(key, value) for key, _, value in (pair.partition("=") for pair in init_data.split("&"))]


def test_file_has_22_vectors() -> None:
    assert len(VECTORS) == 22
    assert {vector["expect"] for vector in VECTORS} == {"valid", "invalid"}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["note"].split(":")[0] for vector in VECTORS])
def test_vector_is_judged_as_expected(vector: dict[str, str]) -> None:
    how = {"bot_token": vector["bot_token"], "now": NOW}
    if vector["expect"] == "invalid":
        assert type(refusal(vector["init_data"], **how)) is REFUSED_BY_REASON[vector["reason"]]
    elif "policy" in vector:
        assert type(refusal(vector["init_data"], **how)) is REFUSED_BY_POLICY[vector["policy"]]
    else:
        assert check(vector["init_data"], **how) == ANYA


def test_each_refusal_has_its_own_code() -> None:
    codes = {error: error.code for error in (Missing, Malformed, BadHash, Expired, FromFuture, NoUser)}
    assert codes == {
        Missing: "init_data_missing",
        Malformed: "init_data_malformed",
        BadHash: "init_data_bad_hash",
        Expired: "init_data_expired",
        FromFuture: "init_data_from_future",
        NoUser: "init_data_no_user",
    }


@pytest.mark.parametrize(
    ("age", "expected"), [(3600, None), (3601, Expired), (0, None), (-60, None), (-61, FromFuture)]
)
def test_age_outside_the_limits_is_refused(age: int, expected: type[InitDataError] | None) -> None:
    if expected:
        assert type(refusal(signed(), now=NOW + age)) is expected
    else:
        assert check(signed(), now=NOW + age).id == 7


def test_cached_init_data_is_checked_for_age_and_bot_again() -> None:
    init_data = signed({"id": 42})
    assert check(init_data).id == check(init_data).id == 42
    with pytest.raises(Expired):
        check(init_data, now=NOW + 3601)
    with pytest.raises(BadHash):
        check(init_data, bot_token="1:another")
    assert check(init_data).id == 42


def test_hash_is_checked_before_age_and_user() -> None:
    """A client without the token only learns that the hash is wrong."""
    assert type(refusal(signed([], auth_date="1", bot_token="1:other"))) is BadHash


@pytest.mark.parametrize("auth_date", ["", "-1", "+1", " 1760000000", "1760000000.0", "1e9", "١", "1" * 16, "0x1"])
def test_auth_date_must_be_a_whole_number(auth_date: str) -> None:
    assert type(refusal(signed(auth_date=auth_date))) is Malformed


def test_empty_init_data_is_missing() -> None:
    assert type(refusal("")) is Missing


def test_init_data_longer_than_4096_is_malformed() -> None:
    short = signed(start_param="")
    longest = signed(start_param="x" * (4096 - len(short)))
    assert len(longest) == 4096
    assert check(longest).id == 7
    assert type(refusal(signed(start_param="x" * (4097 - len(short))))) is Malformed


@pytest.mark.parametrize("bot_token", ["", TOKEN])
def test_empty_token_refuses_everything(bot_token: str) -> None:
    assert type(refusal(signed(bot_token=bot_token), bot_token="")) is BadHash
    if not bot_token:
        assert type(refusal(signed(bot_token=bot_token))) is BadHash


@pytest.mark.parametrize("change", [str.upper, str.title, lambda hash_: hash_[:-1], lambda hash_: hash_ + "0"])
def test_hash_must_be_64_lower_case_hex_digits(change: Any) -> None:
    rest, _, hash_ = signed().rpartition("=")
    assert change(hash_) != hash_
    assert type(refusal(f"{rest}={change(hash_)}")) is Malformed


def test_digits_of_other_scripts_in_the_hash_are_malformed() -> None:
    rest, _, hash_ = signed().rpartition("=")
    assert type(refusal(f"{rest}={quote('٣' * 64)}")) is Malformed
    assert type(refusal(f"{rest}={hash_}%0A")) is Malformed


def test_check_string_is_built_as_telegram_says() -> None:
    """Computed here from Telegram's page, without the code under test."""
    fields = {"zeta": "1", "auth_date": str(NOW), "user": '{"id":7}', "signature": "s", "A": ""}
    check_string = f'A=\nauth_date={NOW}\nsignature=s\nuser={{"id":7}}\nzeta=1'
    secret = hmac.digest(b"WebAppData", TOKEN.encode(), "sha256")
    hash_ = hmac.digest(secret, check_string.encode(), "sha256").hex()
    assert check(urlencode({"hash": hash_, **fields})).id == 7
    widget = hmac.digest(hashlib.sha256(TOKEN.encode()).digest(), check_string.encode(), "sha256").hex()
    assert type(refusal(urlencode({**fields, "hash": widget}))) is BadHash


@pytest.mark.parametrize(
    "user",
    [
        "",
        "{",
        "null",
        "7",
        '"7"',
        "[" * 3000,
        {},
        {"id": None},
        {"id": True},
        {"id": 7.0},
        {"id": "7"},
        {"id": 0},
        {"id": -7},
        {"id": 2**52},
        {"id": [7]},
        '{"id": NaN}',
        {"id": 7, "first_name": 5},
        {"id": 7, "username": None},
        {"id": 7, "last_name": "a\0b"},
        {"id": 7, "photo_url": "\ud800"},
    ],
)
def test_invalid_user_is_malformed(user: Any) -> None:
    assert type(refusal(signed(user))) is Malformed


def test_flags_are_true_only_for_json_true() -> None:
    assert not check(signed({"id": 7, "is_premium": 1, "allows_write_to_pm": "true"})).is_premium
    assert check(signed({"id": 7, "is_premium": True, "allows_write_to_pm": 1})) == TelegramUser(id=7, is_premium=True)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
awkward = st.text("%&=+\"'\\/;# \n\t🌸йA0", max_size=40)


@settings(max_examples=150, deadline=None)
@given(texts | awkward, texts | awkward, st.dictionaries(texts | awkward, texts | awkward, max_size=4))
@example("100%25 %zz + %", "&=;#", {"a=b&c": "d\ne=f", "": ""})
def test_signed_init_data_is_verified(first_name: str, last_name: str, more: dict[str, str]) -> None:
    assume(not more.keys() & {"hash", "user", "auth_date"})
    user = {"id": 7, "first_name": first_name, "last_name": last_name}
    init_data = signed(json.dumps(user, ensure_ascii=False), **more)
    assume(len(init_data) <= 4096)
    assert check(init_data) == TelegramUser(id=7, first_name=first_name, last_name=last_name)
    # A browser encodes a blank as %20, and may send the pairs in another order.
    assert check("&".join(reversed(init_data.replace("+", "%20").split("&")))).first_name == first_name


GENUINE = signed({"id": 7, "first_name": "Аня 100%", "username": "a+b"}, query_id="AAA", start_param="")
PAIRS = parse(GENUINE)
POSITIONS = st.integers(0, len(GENUINE) - 1)
CHARACTERS = st.sampled_from(string.printable + "й\u0660\ufeff")
MUTANTS = st.one_of(
    st.builds(lambda at, new: GENUINE[:at] + new + GENUINE[at + 1 :], POSITIONS, CHARACTERS),
    st.builds(lambda at, new: GENUINE[:at] + new + GENUINE[at:], POSITIONS, CHARACTERS),
    st.builds(lambda at: GENUINE[:at] + GENUINE[at + 1 :], POSITIONS),
    st.builds(lambda at: GENUINE[:at] + GENUINE[at + 1 : at + 2] + GENUINE[at] + GENUINE[at + 2 :], POSITIONS),
    st.builds(lambda at: GENUINE[:at], POSITIONS),
    st.builds(lambda key: joined([pair for pair in PAIRS.items() if pair[0] != key]), st.sampled_from(list(PAIRS))),
    st.builds(lambda key: joined([*PAIRS.items(), (key, PAIRS[key])]), st.sampled_from(list(PAIRS))),
    st.builds(lambda key, new: joined([*PAIRS.items(), (key, new)]), texts | st.sampled_from(list(PAIRS)), texts),
    st.builds(lambda key, new: joined([*(PAIRS | {key: new}).items()]), st.sampled_from(list(PAIRS)), texts),
)


def joined(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs)


@settings(max_examples=400, deadline=None)
@given(MUTANTS)
@example(GENUINE + "&")
@example(GENUINE + "\n")
@example(GENUINE.replace("user=", "user\n="))
@example(GENUINE.replace("AAA", "AAA%0Auser=x"))
def test_changed_init_data_is_refused(mutant: str) -> None:
    """Unless it decodes to the same pairs, such as with %2B for %2b."""
    try:
        user = check(mutant)
    except InitDataError:
        return
    assert user == check(GENUINE)
    assert parse(mutant) == PAIRS


def test_two_fields_cannot_be_joined_into_one() -> None:
    """A line feed in a value gives the same check-string, so the hash matches; but then auth_date is missing."""
    fields = parse(signed(a="1", b="2"))
    auth_date = fields.pop("auth_date")
    assert type(refusal(urlencode(fields | {"a": f"1\nauth_date={auth_date}"}))) is Malformed
