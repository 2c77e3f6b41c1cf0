"""Mail becomes casework at providers that have their own ways; each is played by a front before real servers."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from maild.adapters.imap import ImapServer
from maild.adapters.imapcheck import check_imap
from maild.adapters.smtpcheck import check_smtp
from maild.config import load
from maild.mail.parse import parse
from tests.adapters.token_endpoint import Endpoint, granted, token_endpoint
from tests.journeys.desk import Letter, TestDesk
from tests.journeys.post import CUSTOMER, mail
from tests.provider_servers import Provider, changed_id, exchange, exmail, gmail, netease

TOML = """
[organisation]
name = "示例公司"
domain = "corp.example"

[[mailbox]]
address = "{address}"
plus_addressing = false
since = "all"
{oauth}
[mailbox.folders]
{folders}
[mailbox.imap]
host = "127.0.0.1"
port = {imap}
security = "none"
{login}
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
{limits}
"""
MINUTE = timedelta(minutes=1)


@contextmanager
def desk_at(
    provider: Provider,
    folder: Path,
    *,
    secret: str = "",
    limits: str = "",
    folders: str = "",
    endpoint: Endpoint | None = None,
) -> Iterator[TestDesk]:
    """An installation whose mailbox lies at this provider."""
    login, oauth = 'password_env = "GM_SECRET"', ""
    if endpoint is not None:
        login = 'auth = "xoauth2"'
        oauth = f'oauth = {{flow = "client", client_id = "app", client_secret_env = "GM_SECRET", scope = "mail", keep = "file", token_url = "{endpoint.token_url}"}}'
    text = TOML.format(address=provider.address, imap=provider.imap_port, smtp=provider.smtp_port, login=login,
                       oauth=oauth, limits=limits, folders=folders)  # fmt: skip
    (folder / "maild.toml").write_text(text, "utf-8")
    desk = TestDesk(servers=provider.servers, folder=folder, environ={"GM_SECRET": secret or provider.secret})
    try:
        yield desk
    finally:
        desk.restart()


def deliver(provider: Provider, *raws: bytes) -> None:
    """New mail at the provider."""
    for raw in raws:
        provider.servers.deliver(raw, provider.address)


def customers(count: int, to: str) -> list[bytes]:
    """Complaints of that many people, each about something else."""
    return [
        mail(f"投诉：订单 {n}", f"订单 {n} 三周没有发货，要求退款。", sender=f"c{n}@mail-a.example", to=to)
        for n in range(count)
    ]


def troubles(desk: TestDesk) -> str:
    """What a pass could not use."""
    desk.one_pass()
    return " ".join(desk.troubles)


# -- NetEase


def test_at_163_mail_becomes_a_case_and_is_acknowledged(tmp_path: Path) -> None:
    """ID is sent on each connection before SELECT, the code logs in, and without IDLE, MOVE and UIDPLUS all goes on."""
    with netease() as provider, desk_at(provider, tmp_path) as desk:
        deliver(provider, mail(to=provider.address))
        letters = [*desk.one_pass(), *desk.later(MINUTE)]

        assert desk.troubles == []
        assert CUSTOMER in {letter.to for letter in letters}
        assert [case["state"] for case in desk.cases()] == ["assigned"]
        assert provider.heard.count("ID") == provider.heard.count("CONNECT")
        assert {"IDLE", "MOVE"}.isdisjoint(provider.heard)


def test_at_163_a_web_password_is_refused_with_the_mend(tmp_path: Path) -> None:
    """The sentence names the authorisation code; doctor says the same."""
    with netease() as provider, desk_at(provider, tmp_path, secret="webpassword") as desk:
        assert "授权码" in troubles(desk)
        box = load(tmp_path / "maild.toml", desk.environ).mailbox[0]
        found = [*check_imap(box), check_smtp(box)]

    assert [one.status for one in found] == ["BAD", "BAD"]
    assert all("授权码" in one.mend for one in found)


def test_at_163_new_mail_is_found_by_asking(tmp_path: Path) -> None:
    """Where nothing can be listened to, waiting is only sleeping, and the next look finds the mail."""
    with netease() as provider, desk_at(provider, tmp_path) as desk:
        box = desk.workshop().settings.mailbox[0]
        with ImapServer(box.imap, account=box.address) as server:
            before = server.select("INBOX").uidnext
            assert "IDLE" not in server.capabilities()
            deliver(provider, mail(to=provider.address))
            assert server.wait(0.05) is False
            assert server.select("INBOX").uidnext == before + 1


def test_at_163_too_many_mails_slow_the_account_down(tmp_path: Path) -> None:
    """After MI:SFQ nothing is tried for a minute, and then everything leaves, once, by and by."""
    with netease() as provider, desk_at(provider, tmp_path) as desk:
        provider.servers.refuse(provider.address, 450, "MI:SFQ 163 smtp8,PMCowAC3 too many mails", verb="MAIL", times=1)
        deliver(provider, *customers(4, provider.address))

        assert len(desk.one_pass()) <= 1
        assert desk.later(timedelta(seconds=50)) == []
        for _ in range(8):
            desk.later(2 * MINUTE)

    sent = Counter(one.recipients[0] for one in provider.servers.sent)
    assert {f"c{n}@mail-a.example" for n in range(4)} <= set(sent)
    assert all(sent[f"c{n}@mail-a.example"] == 1 for n in range(4))


def test_at_163_no_more_leave_in_a_minute_than_the_table_says(tmp_path: Path) -> None:
    """Nine acknowledgements in the first minute of ten, and no assignment yet; what stays is counted."""
    with netease() as provider, desk_at(provider, tmp_path) as desk:
        deliver(provider, *customers(9, provider.address))

        first = desk.one_pass()

        assert sorted(letter.to for letter in first) == [f"c{n}@mail-a.example" for n in range(9)]
        assert desk.kept > 0


def test_a_used_day_stands_in_the_digest(tmp_path: Path) -> None:
    """The coordinator reads in the morning how many mails the provider's daily limit put off."""
    with netease() as provider, desk_at(provider, tmp_path, limits="per_day = 10\nper_minute = 100") as desk:
        desk.now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
        deliver(provider, *customers(6, provider.address))
        desk.one_pass()
        desk.later(timedelta(hours=23))
        digests = [parse(raw).text for (raw,) in desk.rows("select raw from outbox where kind = 'manager.digest'")]

    assert "每日发信额度用尽" in digests[-1]


# -- Exmail


def test_at_exmail_mail_becomes_a_case(tmp_path: Path) -> None:
    """A client password, and a server that finds us too frequent once: nobody is told of a failure."""
    with exmail() as provider, desk_at(provider, tmp_path) as desk:
        provider.servers.refuse(provider.address, 450, "Connection frequency limited", verb="MAIL", times=1)
        deliver(provider, mail(to=provider.address))

        letters = [*desk.one_pass(), *desk.later(2 * MINUTE), *desk.later(5 * MINUTE)]

    assert CUSTOMER in {letter.to for letter in letters}
    assert "staff.bounce" not in {letter.kind for letter in letters}


# -- Exchange Online


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A token endpoint."""
    with token_endpoint() as listening:
        listening.says(granted("at-1"))
        yield listening


def test_at_exchange_a_token_logs_in_to_both(tmp_path: Path, endpoint: Endpoint) -> None:
    """One token serves IMAP and SMTP, and no password is ever sent."""
    with exchange("at-1") as provider, desk_at(provider, tmp_path, secret="s3", endpoint=endpoint) as desk:
        deliver(provider, mail())
        letters = [*desk.one_pass(), *desk.later(MINUTE)]

    assert desk.troubles == []
    assert CUSTOMER in {letter.to for letter in letters}
    assert set(provider.logins) == {"at-1"}
    assert len(endpoint.asked) == 1


def test_at_exchange_a_token_that_ended_early_is_renewed(tmp_path: Path, endpoint: Endpoint) -> None:
    """The error challenge is answered, a new token asked for, and the pass goes on as if nothing was."""
    with exchange("at-1") as provider, desk_at(provider, tmp_path, secret="s3", endpoint=endpoint) as desk:
        desk.one_pass()
        desk.restart()
        provider.traits.tokens = {"at-2"}
        endpoint.says(granted("at-2"))
        deliver(provider, mail())
        letters = desk.one_pass()

    assert desk.troubles == []
    assert CUSTOMER in {letter.to for letter in letters}
    assert provider.logins[1:3] == ["at-1", "at-2"]
    assert len(endpoint.asked) == 2


def test_at_exchange_a_token_without_the_right_is_told(tmp_path: Path, endpoint: Endpoint) -> None:
    """When a fresh token is refused too, the sentence says what to look at, and the endpoint is left in peace."""
    with exchange("another") as provider, desk_at(provider, tmp_path, secret="s3", endpoint=endpoint) as desk:
        said = troubles(desk)

    assert "SMTP AUTH" in said
    assert len(endpoint.asked) <= 2
    assert "at-1" not in said


def test_at_exchange_a_password_is_refused_with_the_mend(tmp_path: Path) -> None:
    """Basic authentication is gone: xoauth2 is named."""
    with exchange() as provider, desk_at(provider, tmp_path) as desk:
        desk.environ["GM_SECRET"] = "whatever"
        said = troubles(desk)

    assert "refused the login" in said


def test_at_exchange_more_connections_than_allowed_lose_nothing(tmp_path: Path, endpoint: Endpoint) -> None:
    """With a file that asks for eight connections some mails get 432; all leave in the end, once."""
    limits = "connections = 8"
    with (
        exchange("at-1") as provider,
        desk_at(provider, tmp_path, secret="s3", endpoint=endpoint, limits=limits) as desk,
    ):
        deliver(provider, *customers(12, provider.address))
        for _ in range(4):
            desk.later(2 * MINUTE)

    sent = Counter(one.recipients[0] for one in provider.servers.sent)
    assert all(sent[f"c{n}@mail-a.example"] == 1 for n in range(12))


# -- Gmail


def test_at_gmail_a_mail_that_lies_under_two_labels_is_one_case(tmp_path: Path) -> None:
    """INBOX and All Mail are both read: one case, one acknowledgement, and our own sent copies are no mail to us."""
    folders = 'inbox = ["INBOX", "[Gmail]/All Mail"]\nafter = "leave"'
    with gmail() as provider, desk_at(provider, tmp_path, folders=folders) as desk:
        raw = mail(to=provider.address)
        deliver(provider, raw)
        provider.servers.append(provider.address, "[Gmail]/All Mail", raw)

        letters = [x for _ in range(4) for x in desk.later(MINUTE)]

        assert len(desk.cases()) == 1
        assert [x.to for x in letters].count(CUSTOMER) == 1
        assert len(provider.servers.folder(provider.address, "[Gmail]/All Mail")) > 1


def test_at_gmail_an_app_password_is_asked_for(tmp_path: Path) -> None:
    """The refusal names the app password."""
    with gmail() as provider, desk_at(provider, tmp_path, secret="webpassword") as desk:
        assert "app password" in troubles(desk)


# -- what the provider makes of our own mail in Sent


def _acknowledged(desk: TestDesk, provider: Provider) -> Letter:
    """A case is opened, its acknowledgement is out, and what lies in Sent has been looked at."""
    deliver(provider, mail(to=provider.address))
    letters = [*desk.one_pass(), *desk.later(5 * MINUTE), *desk.later(5 * MINUTE)]
    return next(letter for letter in letters if letter.to == CUSTOMER)


def test_at_exchange_a_reply_to_the_changed_message_id_finds_its_case(tmp_path: Path, endpoint: Endpoint) -> None:
    """The provider gave our mail another Message-ID: a reply that knows nothing but that one is added to the case."""
    with exchange("at-1") as provider, desk_at(provider, tmp_path, secret="s3", endpoint=endpoint) as desk:
        letter = _acknowledged(desk, provider)
        answer = mail(
            "Re: 无主题",
            "地址是朝阳路 8 号。",
            date="Wed, 25 Nov 2026 09:00:00 +0800",
            In_Reply_To=changed_id(letter.raw),
        )
        deliver(provider, answer)
        desk.later(MINUTE)

        cases = desk.cases()
        copies = provider.servers.folder(provider.address, "Sent Items")

    assert len(cases) == 1
    assert [event["kind"] for event in cases[0]["events"]].count("appended") == 1
    assert Counter(message_from_bytes(raw)["X-Maild-Id"] for raw in copies).most_common(1)[0][1] == 1


def test_at_exchange_a_stranger_who_knows_the_changed_message_id_gets_nothing(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    """The changed Message-ID opens no more than our own one does: somebody else begins a case of his own."""
    with exchange("at-1") as provider, desk_at(provider, tmp_path, secret="s3", endpoint=endpoint) as desk:
        letter = _acknowledged(desk, provider)
        deliver(
            provider,
            mail("Re: 询问", "请问处理得怎样了？", sender="other@mail-z.example", In_Reply_To=changed_id(letter.raw)),
        )
        desk.later(MINUTE)

        assert len(desk.cases()) == 2


def test_at_gmail_the_copy_that_the_provider_filed_is_the_only_one(tmp_path: Path) -> None:
    """Gmail files what goes out by SMTP: no second copy is put beside it, and none of it comes back as mail."""
    with gmail() as provider, desk_at(provider, tmp_path) as desk:
        _acknowledged(desk, provider)
        copies = provider.servers.folder(provider.address, "[Gmail]/Sent Mail")

        assert {1} == set(Counter(message_from_bytes(raw)["X-Maild-Id"] for raw in copies).values())
        assert len(copies) == len(provider.servers.sent)
        assert len(desk.cases()) == 1


def test_at_163_a_copy_is_put_into_sent_once(tmp_path: Path) -> None:
    """Where the provider files nothing, our own copy lies in 已发送 after a while, one of each mail."""
    with netease() as provider, desk_at(provider, tmp_path) as desk:
        letter = _acknowledged(desk, provider)
        desk.machine = desk.now + 5 * MINUTE
        desk.later(5 * MINUTE)
        copies = provider.servers.folder(provider.address, "已发送")

    marks = Counter(str(message_from_bytes(raw)["X-Maild-Id"]) for raw in copies)
    assert marks[str(letter.message["X-Maild-Id"])] == 1
    assert set(marks.values()) == {1}
