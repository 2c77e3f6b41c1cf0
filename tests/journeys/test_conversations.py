"""Whole conversations, as real clients write them, through real IMAP and SMTP."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.conversation import Conversation
from tests.journeys.desk import open_desk

PLAYED = [
    ("01-complaint", "99"),
    ("02-route-answer-reopen", "99"),
    ("03-suggestion-adopted", "99"),
    ("04-complaint-found-true", "99"),
    ("05-retaliation-own-head", "99"),
    ("06-autoreply-loop", "99"),
    ("07-bounced-ack", "99"),
    ("09-on-behalf", "99"),
    ("10-gb18030-foxmail", "99"),
    ("11-spoofed-command", "99"),
    ("08-directive-circulation", "99"),
    ("12-hand-up", "99"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "until"), PLAYED)
@pytest.mark.parametrize("plus", ["true", "false"])
def test_the_conversation_goes_as_it_should(
    name: str, until: str, plus: str, tmp_path: Path, each_database: str
) -> None:
    """Each mail makes, changes and sends what its thread.yaml says, with plus-addresses and without."""
    with open_desk(tmp_path, plus=plus, database=each_database) as desk:
        conversation = Conversation(name=name, desk=desk)

        wrong = [what for mail in conversation.mails(until) for what in conversation.play(mail)]
        wrong += [what for moment in conversation.moments() for what in conversation.pass_by(moment)]

        assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["04-complaint-found-true", "05-retaliation-own-head", "11-spoofed-command"])
def test_what_must_not_leak_does_not_leak_later_either(name: str, tmp_path: Path) -> None:
    """Digests, reminders, escalations and the weekly mail of a sealed conversation tell nobody who wrote."""
    with open_desk(tmp_path) as desk:
        conversation = Conversation(name=name, desk=desk)
        wrong = [what for mail in conversation.mails() for what in conversation.play(mail)]

        letters = [one for days in (1, 1, 3, 7) for one in desk.later(timedelta(days=days))]

        assert conversation.secrets
        assert [] == wrong + conversation.leaked(letters)
        assert [] == [x.kind for x in letters if x.to in conversation.never_to]
