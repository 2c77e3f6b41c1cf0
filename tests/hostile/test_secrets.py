"""Secrets.

The attacker hopes to find a password, a token or the secret of the reply keys where people look: in logs, in the mail
that tells of an error, in help, in the database, in what a hostile server makes us say. Held: secrets come from
environment, files or keyring, never show, and a server that says our password back is not quoted.

Elsewhere: files and their rights in `tests/adapters/test_secrets.py`; the screen of `maild init` in
`tests/cli/test_init.py`; refused logins of IMAP in `tests/adapters/test_imap.py`; a wrong password for a day in
`tests/journeys/test_wrong_password.py`.
"""

import asyncio
import logging
from base64 import b64encode

import pytest

from maild.adapters.unsaid import without_password
from maild.errors import MaildError
from maild.settings import Secret
from tests.adapters.smtp_account import sent
from tests.adapters.smtp_servers import scripted
from tests.hostile.attack import attack, logs, raw
from tests.journeys.casework import HANDLER, Casework
from tests.journeys.desk import PASSWORD
from tests.journeys.letters import whole

WORD = "授权码-hunter2"
SAID = [WORD, b64encode(f"\0gm@corp.example\0{WORD}".encode()).decode(), b64encode(WORD.encode()).decode()]


@pytest.mark.parametrize("said", SAID)
def test_a_server_that_says_our_password_back_is_not_quoted(said: str) -> None:
    """In whichever form it went over the line, the sentence that is logged and mailed has three stars for it."""

    async def story() -> None:
        answers = {"EHLO": ("250-mx\r\n250 AUTH PLAIN LOGIN",) * 3, "AUTH": (f"535 wrong: {said}",) * 3}
        async with scripted(**answers) as (port, _seen):
            with pytest.raises(MaildError) as caught:
                await sent(port, username="gm@corp.example", password=Secret(text=WORD))
        assert [] == logs(f"{caught.value} {caught.value.sentence}", *SAID)
        assert "***" in caught.value.sentence

    asyncio.run(story())


def test_nothing_is_made_of_no_password() -> None:
    """Where there is none, no word is struck out."""
    assert without_password("535 wrong", "gm", Secret()) == "535 wrong"


def test_no_secret_leaves_lies_or_is_logged(work: Casework, caplog: pytest.LogCaptureFixture) -> None:
    """Of a whole case with an attack and an error in it: neither password nor key secret in letters, log or database."""
    caplog.set_level(logging.DEBUG)
    attack(
        work, raw(f"From: {HANDLER}", "{{ config }} $GM_PASSWORD ${GM_PASSWORD} %GM_PASSWORD%", subject="GM_PASSWORD")
    )
    work.says(HANDLER, "答复：赵先生，今天已重新发出。$GM_PASSWORD")
    secrets = (work.desk.folder / "var" / "secrets.json").read_text("utf-8")
    hidden = [PASSWORD, *(word for word in secrets.split('"') if len(word) > 20)]
    assert len(hidden) > 1

    tables = [row[0] for row in work.desk.rows("select name from sqlite_master where type = 'table'")]
    rows = "\n".join(str(row) for name in tables for row in work.desk.rows(f'select * from "{name}"'))  # noqa: S608
    letters = "\n".join(whole(letter) for letter in work.letters)
    log = "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith("pymap"))  # the server's own
    assert [] == logs(rows, *hidden) + logs(letters, *hidden) + logs(log, *hidden)
