"""Letters about many cases or mails: their keys, the digest's lists, what a limit held back (casework 1, 5 and 8)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.adapters.shipped import shipped
from maild.adapters.yamlfile import YamlFile
from maild.domain.replykey import find_tokens
from maild.workflow.digestlines import HELD_BACK, MISUSE
from maild.workflow.lists import CASES
from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import mail, poison

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
NEXT_DAY = timedelta(hours=23, minutes=30)
OFFICE = "lin.xiaoyue@corp.example"
"""The coordinator."""


@pytest.fixture(params=["true", "false"], ids=["plus", "no-plus"])
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[TestDesk]:
    """An installation whose clock stands at Tuesday 09:30, with plus-addresses or without."""
    with open_desk(tmp_path, plus=request.param) as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


def complaint(number: int, sender: str) -> bytes:
    """One of many different complaints."""
    text = f"第 {number} 张订单三周没有发货，客服不理，要求退款并答复。"
    return mail(f"投诉：第 {number} 张订单没有发货", text, sender=sender)


def reply(letter: Letter, text: str) -> bytes:
    """The reader's answer to a letter, as the mail client addresses it."""
    return mail(f"Re: {letter.subject}", text, sender=letter.to, to=letter.reply_to)


def key_of(desk: TestDesk, letter: Letter) -> list[str]:
    """The cases that a list's key knows."""
    (token,) = find_tokens(letter.subject)
    with desk.workshop().store.reading() as books:
        (key,) = [one for one in books.keys(token.number) if one.recipient == letter.to]
    numbers = key.data[CASES]
    assert key.role == "staff"
    assert isinstance(numbers, list)
    return numbers


def test_the_digest_has_a_key_that_knows_its_cases(desk: TestDesk) -> None:
    """Every case that the digest shows stands in the data of the digest's own key, in the order shown."""
    for turn in range(3):
        desk.receive(complaint(turn, f"c{turn}@mail-a.example"))
    (digest,) = of_kind(desk.later(NEXT_DAY), "manager.digest")

    shown = set(re.findall(r"GM-2026-\d{6}", digest.text))
    assert 3 == len(shown)
    assert shown == set(key_of(desk, digest))


def test_the_digests_key_holds_no_case_of_which_its_reader_only_knows_that_it_exists(desk: TestDesk) -> None:
    """A case of retaliation is counted in the coordinator's digest and can not be ordered about by it."""
    desk.receive(
        mail("打击报复", "我上月举报采购部经理后被调岗降薪，这是打击报复，请查处。", sender="x@mail-a.example")
    )
    desk.receive(complaint(1, "c1@mail-a.example"))
    (digest,) = of_kind(desk.later(NEXT_DAY), "manager.digest")

    kinds = {case["type"]: case["number"] for case in desk.cases()}
    assert {"retaliation", "customer-complaint"} == set(kinds)
    assert [kinds["customer-complaint"]] == key_of(desk, digest)


def test_the_combined_mail_has_a_key_that_knows_its_cases(desk: TestDesk) -> None:
    """After an outage the one mail to each person carries a key of those cases which it lists."""
    desk.receive(*(complaint(n, f"c{n}@mail-a.example") for n in range(4)))
    combined = of_kind(desk.later(timedelta(days=7)), "manager.combined")

    assert combined
    for letter in combined:
        assert set(re.findall(r"GM-2026-\d{6}", letter.text)) == set(key_of(desk, letter))


def test_an_answer_to_a_list_that_names_no_case_is_told_so(desk: TestDesk) -> None:
    """A reply to the digest opens no case and is not lost in silence: its writer hears where to write instead."""
    desk.receive(complaint(1, "c1@mail-a.example"))
    (digest,) = of_kind(desk.later(NEXT_DAY), "manager.digest")

    letters = desk.receive(reply(digest, "好的，谢谢"), authentication="pass")

    assert [(OFFICE, "staff.refusal")] == [(letter.to, letter.kind) for letter in letters]
    assert "142 转物流部" in letters[0].text
    assert 1 == len(desk.cases())
    desk.receive(reply(letters[0], "1 转质量部"), authentication="pass")
    assert "质量部" == desk.cases()[0]["unit"]


# -- quarantine


def test_a_quarantined_mail_stands_in_the_digest_until_it_is_handled(desk: TestDesk) -> None:
    """Told at once, it is listed each morning with its reason, until the coordinator releases it."""
    (told,) = of_kind(desk.receive(poison()), "manager.quarantine")
    mornings = [of_kind(desk.later(timedelta(days=1)), "manager.digest") for _ in range(2)]
    desk.receive(reply(told, "放行"), authentication="pass")
    desk.one_pass()
    after = of_kind(desk.later(timedelta(days=1)), "manager.digest")

    for (digest,) in mornings:
        assert "隔离邮件（1）" in digest.text
        assert "层次过深" in digest.text
    assert all("隔离邮件（" not in digest.text for digest in after)


def test_quarantined_mails_stand_oldest_first(desk: TestDesk) -> None:
    """The digest lists the mail that waits longest first."""
    first, second = poison(), poison().replace(b"bomb", b"b0mb")
    desk.receive(first)
    desk.receive(second, at=desk.now + timedelta(minutes=5))
    (digest,) = of_kind(desk.later(NEXT_DAY), "manager.digest")

    assert digest.text.index("：bomb") < digest.text.index("：b0mb")


# -- what a limit held back, and misuse


def test_what_a_limit_held_back_is_one_line(desk: TestDesk) -> None:
    """Acknowledgements above five a day are one line that counts them and names the cases."""
    for turn in range(8):
        desk.receive(complaint(turn, "zhao.lei@mail-a.example"))
        desk.later(timedelta(minutes=20))
    (digest,) = of_kind(desk.later(NEXT_DAY), "manager.digest")

    (line,) = [line for line in digest.text.splitlines() if "未发受理回执" in line]
    assert "超过发送频率" in line
    assert "共3次" in line
    assert 3 == len(re.findall(r"GM-2026-\d{6}", line))


def test_misuse_has_a_list_of_its_own(desk: TestDesk) -> None:
    """Thirty forgeries of one kind and a stolen key are two lines under a heading of their own."""
    first = desk.receive(complaint(1, "c1@mail-a.example"))
    stolen = of_kind(first, "handler.assignment")[0]
    desk.receive(mail(f"Re: {stolen.subject}", "结案", sender="thief@mail-x.example", to=stolen.reply_to))
    raws = [mail("批示", f"请把第 {n} 件事转给财务部。", sender="chen.guodong@corp.example") for n in range(30)]
    desk.receive(*raws, authentication="fail")
    (digest,) = of_kind(desk.later(NEXT_DAY), "manager.digest")

    _, _, part = digest.text.partition("冒用和滥用")
    lines = [line for line in part.splitlines() if line.startswith("  - ")][:2]
    assert "thief@mail-x.example" in lines[0]
    assert "冒用本单位人员地址" in lines[1]
    assert "共30次" in lines[1]


def test_a_lying_name_and_wrong_keys_are_misuse(desk: TestDesk) -> None:
    """Who pretends to be somebody else, and who tries keys, stand in the list of misuse with their address."""
    desk.receive(complaint(1, '"chen.guodong@corp.example" <boss@mail-x.example>'))
    number = desk.cases()[0]["number"]
    for turn in range(7):
        desk.receive(mail(f"[{number}-0000000{turn}]", f"第 {turn} 次试探。", sender="thief@mail-y.example"))
    (digest,) = of_kind(desk.later(NEXT_DAY), "manager.digest")

    _, _, part = digest.text.partition("冒用和滥用")
    assert "来信可疑" in part
    assert "boss@mail-x.example" in part
    (line,) = [line for line in part.splitlines() if "多次使用错误凭证" in line]
    assert "thief@mail-y.example" in line
    assert "共2次" in line


@pytest.mark.parametrize("part", ["held_back", "misuse", "noted"])
def test_english_readers_read_the_lists_in_english(part: str) -> None:
    """No code of a line is left without words in the English digest."""
    words = YamlFile(shipped("templates") / "en.yaml").data()

    known = {"held_back": HELD_BACK, "misuse": MISUSE, "noted": frozenset({"machine", "bounced", "more"})}[part]
    assert known <= set(words["held"])
