"""Chat robots and webhooks take messages signed as they ask, and what they refuse inside a 200 answer is a failure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.adapters.robots import A_MINUTE, Robot, read_addresses
from maild.adapters.store import Store
from maild.adapters.templates import JinjaTemplates
from maild.domain.instant import Instant, split
from maild.errors import MaildError, Misconfigured, ProtocolTrouble, ServerGone
from maild.workflow.herald import Herald, spoken
from maild.workflow.plan import Plan
from tests.adapters.robot_sink import Sink, robot_sink

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
GM = "gm@corp.example"
CRITICAL = Instant(kind="critical", number="GM-2026-000142", urgency="critical")
REFUSALS = {
    "wecom": {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1]"},
    "dingtalk": {"errcode": 310000, "errmsg": "keywords not in content"},
    "feishu": {"code": 19024, "msg": "Key Words Not Found"},
    "webhook": {"errcode": 1, "errmsg": "no"},
}


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A server that answers as each robot does."""
    with robot_sink() as opened:
        yield opened


def _robot(address: str) -> Robot:
    return Robot(name="robot-1", address=read_addresses(address)[0])


@pytest.mark.parametrize("kind", sorted(REFUSALS))
def test_each_robot_takes_a_message(sink: Sink, kind: str) -> None:
    """What the office wants told arrives as its text."""
    _robot(sink.address(kind)).tell("特急事项 GM-2026-000142")

    assert sink.texts == ["特急事项 GM-2026-000142"]


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_messages_are_signed(sink: Sink, kind: str) -> None:
    """With its secret a robot that checks signatures takes the message, with another it is a failure."""
    sink.secret = "SEC+/=42"
    _robot(sink.address(kind, secret="SEC+/=42")).tell("一")
    with pytest.raises(ProtocolTrouble, match=r"code (310000|19021)"):
        _robot(sink.address(kind, secret="another")).tell("二")

    assert sink.texts == ["一"]


@pytest.mark.parametrize("kind", sorted(REFUSALS))
def test_a_refusal_inside_a_200_answer_is_a_failure(sink: Sink, kind: str) -> None:
    """A robot that says 200 and a code other than 0 has told nobody."""
    sink.says = [(200, REFUSALS[kind])]

    with pytest.raises(ProtocolTrouble, match="did not take"):
        _robot(sink.address(kind)).tell("一")


@pytest.mark.parametrize("said", [(500, b""), (302, b""), (404, {"errcode": 0})])
def test_another_status_is_a_failure(sink: Sink, said: tuple[int, object]) -> None:
    """A redirect is not followed, and no error is taken for success."""
    sink.says = [said]

    with pytest.raises(ProtocolTrouble, match=str(said[0])):
        _robot(sink.address("webhook")).tell("一")
    assert sink.texts == []


def test_no_error_names_the_address() -> None:
    """The address is a secret: no sentence and no repr shows it, and the signing secret never travels."""
    robot = _robot("wecom+http://127.0.0.1:9/send?key=topsecret#signing")

    with pytest.raises(ServerGone) as caught:
        robot.tell("一")
    assert "topsecret" not in f"{caught.value.sentence} {robot!r} {robot.address!r}"
    assert "signing" not in f"{robot!r} {robot.address.url}"


@pytest.mark.parametrize(
    "address", ["http://chat.corp.example/x", "ftp://x.example/", "slack+https://x.example/", "x", "http://10.0.0.1/"]
)
def test_only_https_or_loopback(address: str) -> None:
    """A plain connection goes to this machine alone, and an unknown kind is told."""
    with pytest.raises(Misconfigured):
        read_addresses(address)


def test_the_host_says_the_kind() -> None:
    """Nobody must write the kind of a robot at its own maker's address."""
    found = read_addresses(
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1 https://oapi.dingtalk.com/robot/send?access_token=1#SEC\n"
        "https://open.feishu.cn/open-apis/bot/v2/hook/1 https://chat.corp.example/hook"
    )

    assert [one.kind for one in found] == ["wecom", "dingtalk", "feishu", "webhook"]
    assert found[1].secret == "SEC"


def test_a_long_text_goes_in_pieces(sink: Sink) -> None:
    """No piece is longer than the robot takes, no character is cut, and nothing is lost."""
    text = "\n".join(f"第{number}行：请查看邮件" for number in range(200))
    _robot(sink.address("wecom")).tell(text)

    assert len(sink.texts) > 1
    assert "\n".join(sink.texts) == text
    assert split("好" * 3, 4) == ["好", "好", "好"]


def test_a_robot_is_not_flooded(sink: Sink) -> None:
    """After twenty messages within a minute a robot wants a pause of at most a minute."""
    robot = _robot(sink.address("webhook"))
    for _ in range(A_MINUTE):
        assert robot.pause() == 0
        robot.tell("一")

    assert 0 < robot.pause() <= 60


class Office:
    """A database, the catalogues, and two robots."""

    def __init__(self, sink: Sink, folder: Path, database: str) -> None:
        self.now = NOW
        self.store = Store.open(database, folder)
        addresses = read_addresses(f"{sink.address('wecom')} {sink.address('webhook')}")
        robots = [Robot(name=f"{one.kind}-1", address=one) for one in addresses]
        self.words = JinjaTemplates().words
        self.herald = Herald(channels=robots, store=self.store, words=self.words, now=lambda: self.now)

    def put(self, *instants: Instant) -> None:
        """Commit messages."""
        with self.store.writing() as books:
            books.save(Plan(instants=instants), (), mailbox=GM, now=self.now)

    def tell(self, later: timedelta = timedelta()) -> int:
        """Let time go by, and tell what is due."""
        self.now += later
        return self.herald.tell_all()


@pytest.fixture
def office(sink: Sink, tmp_path: Path, each_database: str) -> Iterator[Office]:
    """An office with nothing to tell yet."""
    opened = Office(sink, tmp_path, each_database)
    yield opened
    opened.store.close()


def test_what_failed_is_told_again_and_to_nobody_twice(office: Office, sink: Sink) -> None:
    """A robot that refused hears again after half a minute; the one that has the message does not."""
    office.put(CRITICAL)
    sink.says = [(200, REFUSALS["wecom"])]

    assert office.tell() == 0
    assert len(sink.texts) == 1
    assert office.tell(timedelta(seconds=20)) == 0
    assert office.tell(timedelta(seconds=11)) == 1
    assert office.tell(timedelta(hours=2)) == 0
    assert len(sink.texts) == 2
    assert sink.texts[0] == sink.texts[1]


def test_after_a_day_the_digest_says_so(office: Office, sink: Sink) -> None:
    """A message that no robot takes for a day becomes a line of the digest, and rests."""
    office.put(CRITICAL)
    for hours in (0, 1, 12, 12):
        sink.says = [(500, b"")] * 2
        assert office.tell(timedelta(hours=hours)) == 0
    sink.says = []

    assert office.tell(timedelta(hours=2)) == 0
    assert sink.texts == []
    with office.store.reading() as books:
        assert [line.kind for _, _, line in books.lines(GM)] == ["instant-failed"]


def test_a_flood_waits_for_the_robot(office: Office, sink: Sink) -> None:
    """Thirty messages at once: twenty leave, the others a minute later."""
    office.put(*[CRITICAL] * 30)

    assert office.tell() == A_MINUTE
    assert len(sink.texts) == 2 * A_MINUTE


def test_without_a_robot_nothing_waits(office: Office) -> None:
    """An office without a second channel has no growing pile and no line about it."""
    office.herald.channels = []
    office.put(CRITICAL)

    assert office.tell() == 0
    with office.store.reading() as books:
        assert books.next_instant() is None
        assert books.lines(GM) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_message_says_where_to_look(language: str) -> None:
    """Each message fits one line of a chat and has a word for each trouble, in both languages."""
    catalogue = JinjaTemplates().words
    words = catalogue(language)
    for kind in words["instant"]:
        for trouble in words["trouble"]:
            text = spoken(
                Instant(kind=kind, number="GM-1", urgency="critical", trouble=trouble, language=language), catalogue
            )
            assert "maild" in text
            assert "{" not in text
            assert len(text) < 200


def test_an_error_of_a_channel_is_one_of_the_house(sink: Sink) -> None:
    """Whatever a robot answers, the loop sees only errors that it knows."""
    for said in (b"", b"<html>", b"[1]", b"\xff", {"errcode": "x"}):
        sink.says = [(200, said)]
        with pytest.raises(MaildError):
            _robot(sink.address("wecom")).tell("一")
