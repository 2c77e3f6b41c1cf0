"""What is said inside stays inside; what is answered reaches the requester alone."""

from pathlib import Path

import pytest

from tests.journeys.conversation import Conversation
from tests.journeys.desk import open_desk


@pytest.mark.slow
def test_an_answer_quotes_the_requester_and_nobody_else(tmp_path: Path) -> None:
    """The question below an answer is the requester's own letter, never what was ordered or noted inside."""
    with open_desk(tmp_path) as desk:
        conversation = Conversation(name="02-route-answer-reopen", desk=desk)
        for mail in conversation.mails("03"):
            conversation.play(mail)

        outside = [x for x in conversation.letters if x._kind == "requester.answer"]

        assert len(outside) == 1
        assert "破壁机" in outside[0].text
        assert "转物流部" not in outside[0].text
        assert "lin.xiaoyue" not in outside[0].raw.decode()


@pytest.mark.slow
def test_nobody_outside_the_directory_ever_gets_an_inside_mail(tmp_path: Path) -> None:
    """Every mail that is not for a requester goes to a person of the directory."""
    with open_desk(tmp_path) as desk:
        for name in ("01-complaint", "11-spoofed-command"):
            conversation = Conversation(name=name, desk=desk)
            for mail in conversation.mails("03"):
                conversation.play(mail)

            inside = {x.to for x in conversation.letters if not x._kind.startswith("requester.")}

            assert {to for to in inside if not to.endswith("@corp.example")} == set()
