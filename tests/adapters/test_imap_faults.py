"""Servers that refuse, garble, hang up or lack what others have: the adapter says so once and goes on."""

from base64 import b64decode
from collections.abc import Mapping

import pytest

from maild.adapters.imap import ImapServer
from maild.errors import LoginRefused, MaildError, ProtocolTrouble, ServerGone, Temporary
from maild.settings import Login, Secret
from maild.workflow.ports import Fetched
from tests.adapters.imap_fakes import Line, Reply, ScriptedImap, mails, slowly

LONG = 30.0
"""Seconds that a wait would last if nothing ended it."""


def adapter(fake: ScriptedImap, secret: Secret = Secret(text="pw")) -> ImapServer:  # noqa: B008
    """The adapter, pointed at a scripted server."""
    return ImapServer(
        Login(host="127.0.0.1", port=fake.port, security="none", username="gm@163.example", password=secret)
    )


def read_all(server: ImapServer) -> list[Fetched]:
    """Everything that waits in INBOX."""
    folder = server.select("INBOX")
    return list(server.fetch(server.waiting(0, folder.uidnext)))


class NetEase(ScriptedImap):
    """Refuses SELECT on every connection that has not sent ID, as 163, 126 and yeah.net do."""

    def __init__(self) -> None:
        super().__init__({"LOGIN": self._login, "ID": self._id, "SELECT": self._select}, capabilities="ID")
        self._known = False

    def _login(self, line: Line, tag: str, _command: str) -> None:
        self._known = False
        line.send(f"{tag} OK in\r\n")

    def _id(self, line: Line, tag: str, command: str) -> None:
        self._known = command.startswith('ID ("name" "maild" ')
        line.send(f"* ID NIL\r\n{tag} OK done\r\n")

    def _select(self, line: Line, tag: str, _command: str) -> None:
        if self._known:
            line.send(f"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] -\r\n* OK [UIDNEXT 1] -\r\n{tag} OK done\r\n")
        else:
            line.send(f"{tag} NO SELECT Unsafe Login. Please contact kefu@188.com for help\r\n")


def test_netease() -> None:
    """ID is sent after the login and before SELECT, on every connection anew."""
    with NetEase() as fake, adapter(fake) as server:
        for _ in range(2):
            assert server.select("INBOX").uidnext == 1
            fake.cut()
            with pytest.raises(ServerGone):
                server.select("INBOX")
    assert fake.count("ID") == 2


def test_unsafe_login_says_how_to_mend_it() -> None:
    """Where the provider still takes the login for unsafe, it is a refused login, not a broken server."""
    refusal = {"SELECT": "{tag} NO SELECT Unsafe Login. Please contact kefu@188.com for help\r\n"}
    with ScriptedImap(refusal) as fake, adapter(fake) as server, pytest.raises(LoginRefused, match="Unsafe Login"):
        server.select("INBOX")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("{tag} NO [AUTHENTICATIONFAILED] bad password\r\n", LoginRefused),
        ("{tag} NO LOGIN failed for s3cret\r\n", LoginRefused),
        ("{tag} BAD what is LOGIN gm s3cret\r\n", LoginRefused),
        ("{tag} NO [UNAVAILABLE] directory is down\r\n", Temporary),
        ("{tag} NO [LIMIT] too many connections\r\n", Temporary),
        ("* BYE too many connections\r\n", ServerGone),
    ],
)
def test_refused_logins(reply: str, kind: type[MaildError]) -> None:
    """A wrong password is told from a busy server, in one sentence that never holds the password."""
    with (
        ScriptedImap({"LOGIN": reply}) as fake,
        adapter(fake, Secret(text="s3cret")) as server,
        pytest.raises(MaildError) as error,
    ):
        server.select("INBOX")
    assert type(error.value) is kind
    assert "s3cret" not in error.value.sentence
    assert "\n" not in error.value.sentence


@pytest.mark.parametrize(
    ("greeting", "kind"),
    [
        ("* BYE overloaded\r\n", Temporary),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", ProtocolTrouble),
        ("220 smtp ready\r\n", ProtocolTrouble),
    ],
)
def test_wrong_greetings(greeting: str, kind: type[MaildError]) -> None:
    """A server that is no IMAP server, or is overloaded, is named with host and account."""
    named = r"127\.0\.0\.1:\d+ \(gm@163\.example\)"
    with ScriptedImap({"greeting": greeting}) as fake, adapter(fake) as server, pytest.raises(kind, match=named):
        server.select("INBOX")


GARBAGE: Mapping[str, str] = {
    "unbalanced": "* 1 FETCH (UID 1 BODY[] (((\r\n",
    "odd": "* 1 FETCH (UID 1 BODY[])\r\n",
    "no list": "* 1 FETCH UID\r\n",
    "no number": "* 1 FETCH (UID x BODY[] NIL)\r\n",
    "no protocol": "hello\r\n",
    "a number for a body": "* 1 FETCH (UID 1 BODY[] 5)\r\n",
    "NUL": '* 1 FETCH (UID 1 \0 BODY[] "\r\n',
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
def test_one_garbled_mail(garbage: str) -> None:
    """One mail whose answer cannot be parsed is named with an error; the others come."""
    with ScriptedImap({"UID FETCH": mails({1: garbage, 2: b"Subject: 2\r\n\r\n"})}) as fake, adapter(fake) as server:
        poison, good = read_all(server)
    assert (poison.uid, poison.raw) == (1, b"")
    assert "127.0.0.1" in poison.error
    assert (good.uid, good.raw, good.error) == (2, b"Subject: 2\r\n\r\n", "")


def test_one_mail_that_kills_the_connection() -> None:
    """A mail at which the server hangs up does not stop the others either."""

    def reply(line: Line, tag: str, command: str) -> None:
        if "BODY" in command and "1" in command.split()[2].split(","):
            line.send("* BYE internal error\r\n")
            line.hang_up()
        else:
            answer(line, tag, command)

    answer = mails({1: b"1", 2: b"2"})
    with ScriptedImap({"UID FETCH": reply}) as fake, adapter(fake) as server:
        poison, good = read_all(server)
    assert (poison.uid, poison.raw, bool(poison.error)) == (1, b"", True)
    assert (good.uid, good.raw) == (2, b"2")


def test_garbled_size() -> None:
    """A mail whose size or date is garbled is still listed, so that nothing is lost."""

    def reply(line: Line, tag: str, command: str) -> None:
        if "SIZE" in command and "1" in command.split()[2].split(","):
            line.send(f"* 1 FETCH (UID 1 RFC822.SIZE\r\n{tag} OK done\r\n")
        else:
            answer(line, tag, command)

    answer = mails({1: b"1", 2: b"2"})
    with ScriptedImap({"UID FETCH": reply}) as fake, adapter(fake) as server:
        assert [found.raw for found in read_all(server)] == [b"1", b"2"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({1: None, 2: b"2"}, [(1, True), (2, False)]),
        ({2: b"2"}, [(2, False)]),
    ],
    ids=["NIL body", "not answered"],
)
def test_mails_without_content(answers: Mapping[int, bytes | None], expected: list[tuple[int, bool]]) -> None:
    """A mail that stays listed without content is named with an error; one never sized is left out."""
    with ScriptedImap({"UID FETCH": mails(answers)}) as fake, adapter(fake) as server:
        assert [(found.uid, bool(found.error)) for found in read_all(server)] == expected


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (slowly("+ idling\r\n* 3 EXISTS\r\n"), True),
        (slowly("+ idling\r\n", "* 3 EXI", "STS\r\n"), True),
        (slowly("* 3 EXISTS\r\n", "+ idling\r\n"), True),
        (slowly("+ idling\r\n", "* OK still here\r\n", "* 1 EXPUNGE\r\n* 2 EXISTS\r\n"), True),
    ],
    ids=["same packet", "split line", "before the continuation", "after an expunge"],
)
def test_idle_hears(reply: Reply, expected: bool) -> None:
    """News are heard however the packets fall."""
    with ScriptedImap({"IDLE": reply}, capabilities="IDLE") as fake, adapter(fake) as server:
        server.select("INBOX")
        assert server.wait(LONG) is expected


@pytest.mark.parametrize(
    "reply",
    [
        slowly("+ idling\r\n", "* 2 EXISTS\r\n", "* OK still here\r\n", "* 1 FETCH (FLAGS (\\Seen))\r\n"),
        slowly("+ idling\r\n", "* 1 EXPUNGE\r\n* 1 EXISTS\r\n"),
        "{tag} NO not now\r\n",
        "{tag} BAD what?\r\n",
        "+ idling\r\n{tag} OK done at once\r\n",
    ],
    ids=["keep-alive", "fewer mails", "refused", "unknown", "ended by the server"],
)
def test_idle_never_spins(reply: Reply) -> None:
    """What is no news ends no wait, and a server that ends IDLE at once is not asked again before the poll."""
    with ScriptedImap({"IDLE": reply}, capabilities="IDLE") as fake, adapter(fake) as server:
        server.select("INBOX")
        assert not server.wait(0.4)
        assert fake.count("IDLE") == 1
        assert server.select("INBOX").uidnext == 3


@pytest.mark.parametrize("last", ["* BYE shutting down\r\n", ""], ids=["BYE", "EOF"])
def test_idle_notices_the_end(last: str) -> None:
    """A server that says BYE, or nothing at all, and hangs up while idling is gone."""

    def reply(line: Line, _tag: str, _command: str) -> None:
        line.send(f"+ idling\r\n{last}")
        line.hang_up()

    with ScriptedImap({"IDLE": reply}, capabilities="IDLE") as fake, adapter(fake) as server:
        server.select("INBOX")
        with pytest.raises(ServerGone):
            server.wait(LONG)


def test_without_idle() -> None:
    """Without IDLE a wait just sleeps, and can be ended all the same."""
    with ScriptedImap({}) as fake, adapter(fake) as server:
        server.select("INBOX")
        assert not server.wait(0.05)
        server.wake()
        assert not server.wait(LONG)
        assert fake.count("IDLE") == 0


def test_without_move() -> None:
    """Without MOVE a mail is copied, flagged and expunged by its UID; nobody else's deleted mail goes with it."""
    ok = "{tag} OK done\r\n"
    script = {"UID COPY": ok, "UID STORE": ok, "UID EXPUNGE": ok, "EXPUNGE": ok}
    with ScriptedImap(script, capabilities="UIDPLUS") as fake, adapter(fake) as server:
        server.select("INBOX")
        server.file([1, 2], "Done")
        steps = [line for line in fake.heard if line.startswith(("UID", "EXPUNGE", "CREATE"))]
    assert steps == ['UID COPY 1,2 "Done"', r"UID STORE 1,2 +FLAGS.SILENT (\Deleted)", "UID EXPUNGE 1,2"]


def test_without_move_and_uidplus() -> None:
    """Without both, a mail stays where it is with a keyword: a plain EXPUNGE would take others' mail with it."""
    with ScriptedImap({"UID STORE": "{tag} OK done\r\n"}) as fake, adapter(fake) as server:
        server.select("INBOX")
        server.file([1], "Done")
    assert "UID STORE 1 +FLAGS.SILENT ($maild)" in fake.heard
    assert fake.count("EXPUNGE") == fake.count("UID COPY") == fake.count("CREATE") == 0


def test_a_refused_move() -> None:
    """A move that is refused is tried once more with what is left, and then said."""
    with ScriptedImap({"UID MOVE": "{tag} NO quota\r\n"}, capabilities="MOVE") as fake, adapter(fake) as server:
        server.select("INBOX")
        with pytest.raises(Temporary, match="quota"):
            server.file([2, 9], "Done")
    assert [line for line in fake.heard if "MOVE" in line] == ['UID MOVE 2,9 "Done"', 'UID MOVE 2 "Done"']


def test_everything_below_inbox_without_saying_so() -> None:
    """A server that keeps folders below INBOX and has no NAMESPACE gets them there."""
    script = {
        'LIST "" ""': '* LIST (\\Noselect) "." ""\r\n{tag} OK done\r\n',
        "LIST": '* LIST () "." INBOX\r\n{tag} OK done\r\n',
        "CREATE": "{tag} NO Invalid mailbox name\r\n",
        'CREATE "INBOX.': "{tag} OK done\r\n",
        "SUBSCRIBE": "{tag} NO never\r\n",
        "UID MOVE": "{tag} OK done\r\n",
    }
    with ScriptedImap(script, capabilities="UIDPLUS MOVE") as fake, adapter(fake) as server:
        server.select("INBOX")
        server.file([1], "maild/Processed")
    assert 'UID MOVE 1 "INBOX.maild.Processed"' in fake.heard


@pytest.mark.parametrize(
    ("reply", "uidvalidity", "uidnext"),
    [
        ("* 2 EXISTS\r\n* OK [UIDVALIDITY 4294967295] -\r\n* OK [UIDNEXT 9] -\r\n{tag} OK done\r\n", 4294967295, 9),
        ("* 2 EXISTS\r\n* OK [UIDVALIDITY 7] -\r\n{tag} OK done\r\n", 7, 3),
    ],
    ids=["unsigned 32 bit", "no UIDNEXT"],
)
def test_select_answers(reply: str, uidvalidity: int, uidnext: int) -> None:
    """UIDVALIDITY is an unsigned number; a missing UIDNEXT is found out."""
    with ScriptedImap({"SELECT": reply}) as fake, adapter(fake) as server:
        folder = server.select("INBOX")
    assert (folder.uidvalidity, folder.uidnext) == (uidvalidity, uidnext)


def test_no_uidvalidity() -> None:
    """A folder without UIDVALIDITY cannot be read twice safely, and is refused in one sentence."""
    script = {"SELECT": "* 2 EXISTS\r\n{tag} OK done\r\n"}
    with ScriptedImap(script) as fake, adapter(fake) as server, pytest.raises(ProtocolTrouble, match="UIDVALIDITY"):
        server.select("INBOX")


def test_a_login_name_that_needs_quoting() -> None:
    """A login name with a space goes by AUTHENTICATE, since the LOGIN command would fall in two."""

    def reply(line: Line, tag: str, _command: str) -> None:
        line.send("+ \r\n")
        heard.append(b64decode(line.read()))
        line.send(f"{tag} OK done\r\n")

    heard: list[bytes] = []
    with ScriptedImap({"AUTHENTICATE PLAIN": reply}) as fake:
        login = Login(host="127.0.0.1", port=fake.port, security="none", username="总 经理", password=Secret(text="密"))
        with ImapServer(login) as server:
            server.select("INBOX")
    assert heard == ["\0总 经理\0密".encode()]
