"""Whole conversations, as real clients write them, through real IMAP and SMTP."""

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
