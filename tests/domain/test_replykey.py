"""A reply key is one recipient's for one case, survives every client, and cannot be guessed or changed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.domain.replykey import (
    ReplyKeys,
    Token,
    find_case_numbers,
    find_long_keys,
    find_tokens,
    long_key_of,
    token,
    without_keys,
)

KEYS = ReplyKeys(secrets={"a1": bytes(range(32)), "b2": bytes(32)}, current="a1")
NUMBER, HE = "GM-2026-000142", "he.zhiqiang@corp.example"
SCOPE: dict[str, Any] = {"number": NUMBER, "recipient": HE, "purpose": "handler.assignment"}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def short(**changes: object) -> str:
    """The short key of the scope with changes."""
    return KEYS.short(**{**SCOPE, **changes})


def test_forms() -> None:
    """A short key has 8 characters of 40 bits; a long one at least 26, its key id in front."""
    assert len(short()) == 8
    assert set(short()) <= set(ALPHABET)
    assert KEYS.long(**SCOPE).startswith("a1")
    assert len(KEYS.long(**SCOPE)) == 28


def test_short_and_long_fit() -> None:
    """What was made fits, in any case."""
    assert KEYS.fits(short(), **SCOPE)
    assert KEYS.fits(short().lower(), **SCOPE)
    assert KEYS.fits_long(KEYS.long(**SCOPE).upper(), **SCOPE)


@given(st.integers(0, 7), st.sampled_from(ALPHABET))
def test_a_changed_character_never_fits(place: int, other: str) -> None:
    """One character changed and the key is wrong."""
    key = short()
    changed = key[:place] + other + key[place + 1 :]

    assert (changed == key) == KEYS.fits(changed, **SCOPE)


@given(st.integers(2, 27), st.sampled_from(ALPHABET.lower()))
def test_a_changed_long_key_never_fits(place: int, other: str) -> None:
    """One character of a long key changed and it is wrong."""
    key = KEYS.long(**SCOPE)
    changed = key[:place] + other + key[place + 1 :]

    assert (changed == key) == KEYS.fits_long(changed, **SCOPE)


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5), st.integers(0, 9)), unique=True, max_size=30))
def test_keys_never_collide(scopes: list[tuple[str, str, int]]) -> None:
    """Different recipients, purposes or serials never share a key, whatever characters they are made of."""
    scopes = list({(r.lower(), p, s) for r, p, s in scopes})

    keys = {KEYS.long(number=NUMBER, recipient=r, purpose=p, serial=s) for r, p, s in scopes}

    assert len(scopes) == len(keys)


@pytest.mark.parametrize(
    "change", [{"number": "GM-2026-000143"}, {"recipient": "x@corp.example"}, {"purpose": "p"}, {"serial": 1}]
)
def test_a_key_is_of_one_scope(change: dict[str, object]) -> None:
    """The key of another case, person or mail does not fit."""
    assert not KEYS.fits(short(**change), **SCOPE)


def test_rotation() -> None:
    """After the current secret has changed, keys of the old one still fit until it is taken out."""
    rotated = ReplyKeys(secrets={**KEYS.secrets, "c3": b"x" * 32}, current="c3")
    later = ReplyKeys(secrets={"c3": b"x" * 32}, current="c3")

    assert rotated.fits(short(), **SCOPE)
    assert rotated.fits_long(KEYS.long(**SCOPE), **SCOPE)
    assert rotated.short(**SCOPE) != short()
    assert not later.fits(short(), **SCOPE)


def test_secrets_stay_secret() -> None:
    """Printing the keys shows no secret; a bad key id, or a short secret, is refused."""
    assert "x00" not in repr(KEYS)
    for secrets, current in (({"a1": b"x" * 32}, "b2"), ({"long": b"x" * 32}, "long"), ({"a1": b"short"}, "a1")):
        with pytest.raises(ValueError, match="key id"):
            ReplyKeys(secrets=secrets, current=current)


@pytest.mark.parametrize(
    "subject",
    [
        "请承办 [GM-2026-000142-7KQ2M9XW]",
        "回复：请承办 [GM-2026-000142-7KQ2M9XW]",
        "Re: Re: [GM-2026-000142-7KQ2M9XW] x",
        "答复: 【GM-2026-000142-7KQ2M9XW】",
        "转发：请承办GM-2026-000142-7KQ2M9XW",
        "re: gm-2026-000142-7kq2m9xw",
        "［ＧＭ－２０２６－０００１４２－７ＫＱ２Ｍ９ＸＷ］",
        "AW: (GM–2026–000142–7KQ2M9XW)",
    ],
)
def test_tokens_are_found_in_any_subject(subject: str) -> None:
    """Client prefixes, brackets, widths and dashes do not hide a token."""
    assert (Token(number=NUMBER, short="7KQ2M9XW"),) == find_tokens(subject)
    assert find_case_numbers(subject) == (NUMBER,)


def test_alike_characters_are_one() -> None:
    """O is 0, I and L are 1, as somebody types them from paper."""
    assert (Token(number=NUMBER, short="01100111"),) == find_tokens(f"[{NUMBER}-oIlO0I1L]")
    assert token(NUMBER, "7KQ2M9XW") == f"{NUMBER}-7KQ2M9XW"


@pytest.mark.parametrize("subject", ["Re: [GM-2025-0001] 举报", "GM-2025-0001", f"[{NUMBER}-7KQ2]"])
def test_a_bare_number_is_no_token(subject: str) -> None:
    """A case number without a whole key is a bare number, which need not exist."""
    assert find_tokens(subject) == ()
    assert len(find_case_numbers(subject)) == 1


@pytest.mark.parametrize(
    "subject", ["", "订单 251008-33190", "WX-1107", "XGM-2026", "a-GM-2026-000142x", "ISO-9001-2015-1"]
)
def test_other_numbers_are_none(subject: str) -> None:
    """Order and telephone numbers are no case numbers."""
    assert find_tokens(subject) == ()


def test_long_keys_in_addresses_and_message_ids() -> None:
    """The plus-address and the Message-ID lead back to the key; other addresses hold none."""
    long = KEYS.long(**SCOPE)
    addresses = [
        "x@corp.example",
        f"GM+{long.upper()}@CORP.example",
        f"hr+{long}@corp.example",
        f"gm+{long}@evil.example",
        "gm+probe@corp.example",
    ]

    assert (long,) == find_long_keys(addresses, "gm@corp.example")
    assert long == long_key_of(f"<{long}.17@corp.example>")
    assert long_key_of("<abc@corp.example>") is None


@given(st.text(max_size=300))
def test_any_subject_is_read(subject: str) -> None:
    """No subject breaks the search."""
    assert len(find_tokens(subject)) <= 10
    assert len(find_case_numbers(subject)) <= 10


def test_a_text_that_leaves_holds_no_key() -> None:
    """Quoted keys are struck out, in subjects and addresses alike; the case's number and all else stay."""
    long = "00" + "a" * 26
    text = f"Re: 答复 [GM-2026-000142-7KQ2M9XW]，见 gm+{long}@corp.example，gm-2026-000142-7kq2m9xw。"

    assert without_keys(text, "gm@corp.example") == "Re: 答复 [GM-2026-000142]，见 gm@corp.example，gm-2026-000142。"
    assert without_keys("GM-2026-000142，gm@corp.example", "gm@corp.example") == "GM-2026-000142，gm@corp.example"
