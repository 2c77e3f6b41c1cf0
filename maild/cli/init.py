"""Write a commented maild.toml, directory.yaml and rules/pack.yaml, and try them: logins, plus-address, a test mail.

On a terminal it asks for what no option gives; elsewhere it never asks. With a password (from the environment, or typed
and kept nowhere) it tries both logins, says what to mend, sends itself a probe to gm+probe@ and the coordinator a test
mail. A password never stands in a file; files that exist are left alone, or with --force kept as .bak.

example: maild init --address gm@corp.example --coordinator lin.xiaoyue@corp.example --name 示例公司
"""

import argparse
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from string import Template

from maild.cli.asking import Questions
from maild.cli.firsttry import SEEDS, first_contact, logins
from maild.cli.seal import KEY_FILE, new_key_text
from maild.errors import MaildError, Misconfigured

FILES = {"maild.toml": "maild.toml", "directory.yaml": "directory.yaml", "pack.yaml": "rules/pack.yaml"}
"""What lies in `office/`, and where it is written."""
ADDRESS = "gm@corp.example"
TRIES = 3
PLACEHOLDER = "coordinator@placeholder.invalid"
"""Nobody has this address (RFC 2606), so that no stranger is written to before a real one stands there."""
NO_DOMAIN = "placeholder.invalid"
_WITH_PORT = re.compile(r"(?P<host>[^:\s]+|\[[^\]\s]+\]):(?P<port>\d{1,5})")
_SECURITY = {"25": "starttls", "143": "starttls", "587": "starttls", "465": "tls", "993": "tls"}
"""How servers encrypt on the ports that are registered for mail (RFC 8314)."""
_ADDRESS = re.compile(r"[^\s@<>,;\"()']+@[\w-]+(\.[\w-]+)+")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild init`; each is an answer, and what is given is not asked."""
    parser.add_argument("--dir", type=Path, default=Path(), metavar="DIR", help="where to write (default: here)")
    parser.add_argument("--address", help=f"the shared mailbox (default: {ADDRESS})")
    parser.add_argument("--imap-host", metavar="HOST[:PORT]", help="default: the provider's, or imap.DOMAIN")
    parser.add_argument("--smtp-host", metavar="HOST[:PORT]", help="default: the provider's, or smtp.DOMAIN")
    parser.add_argument("--name", help="the organisation's name (default: 示例公司)")
    parser.add_argument("--domain", help="the organisation's own mail domain (default: that of the address)")
    parser.add_argument("--coordinator", metavar="ADDRESS", help="who watches the whole flow")
    parser.add_argument("--people-read", metavar="y|n", help="people read it too: done mail stays (default: n)")
    parser.add_argument("--test-mail", metavar="y|n", help="send the coordinator a test mail (default: y)")
    parser.add_argument("--no-try", action="store_true", help="only write; connect to nothing and send nothing")
    parser.add_argument("--force", action="store_true", help="write again; files that exist are kept as .bak")


def run(args: argparse.Namespace) -> int:
    """Write and prove the files, then try them; 2 when a file exists already, 1 when a login does not work."""
    folder = args.dir.resolve()
    existing = [name for name in FILES.values() if (folder / name).exists()]
    if existing and not args.force:
        raise Misconfigured(
            f"{folder}: already there: {', '.join(existing)}; write elsewhere with --dir DIR, or again with --force."
        )
    questions = Questions(SEEDS / "questions.yaml")
    words = _words(args, questions)
    texts = _texts(words)
    _prove(texts, words["password_env"], folder)
    _write(texts, folder)
    _make_key(folder)
    status = 0 if args.no_try else _tried(args, words, folder, questions)
    print(Template((SEEDS / "next-steps.txt").read_text("utf-8")).substitute(_told(words, folder)), end="")
    return status


def _words(args: argparse.Namespace, questions: Questions) -> dict[str, str]:
    """What the questions were answered with, and what follows from it."""
    from maild.adapters.mxlookup import mail_hosts
    from maild.adapters.providers import is_public, provider_of, servers_for

    if questions.asks:
        questions.say("intro")
    address = questions.text("address", args.address, ADDRESS, _is_address)
    local, _, own = address.partition("@")
    provider = provider_of(address, args.imap_host or "")
    if provider.key == "own" and not (args.imap_host or args.no_try):
        provider = provider_of(own, mx=mail_hosts(own))
    if questions.asks:
        questions.say("provider", provider.name)
    servers = servers_for(own, provider)
    asked = questions if provider.key == "own" else None
    coordinator = questions.text("coordinator", args.coordinator, PLACEHOLDER, _is_address)
    _check_people(address, coordinator)
    people_read = questions.yes("people_read", args.people_read, default=False)
    return {
        "address": address, "name": questions.text("name", args.name, "示例公司"), "coordinator": coordinator,
        "domain": args.domain or (NO_DOMAIN if is_public(own) else own),
        **_server("imap", _host("imap_host", args.imap_host, servers.imap_host, asked),
                  str(servers.imap_port), servers.imap_security),
        **_server("smtp", _host("smtp_host", args.smtp_host, servers.smtp_host, asked),
                  str(servers.smtp_port), servers.smtp_security),
        "after": "leave" if people_read else "move",
        "password_env": f"MAILD_{re.sub(r'[^A-Z0-9]', '_', local.upper())}_PASSWORD",
    }  # fmt: skip


def _host(key: str, given: str | None, default: str, questions: Questions | None) -> str:
    """A server's name; asked for only where the provider is not known."""
    return questions.text(key, given, default) if questions else given or default


def _server(which: str, said: str, port: str, security: str) -> dict[str, str]:
    """Host, port and security; a port behind the host's name counts, and says how that server encrypts."""
    if found := _WITH_PORT.fullmatch(said.strip()):
        said, port = found["host"].strip("[]"), found["port"]
        security = _SECURITY.get(port, security)
    return {f"{which}_host": said, f"{which}_port": port, f"{which}_security": security}


def _is_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text))


def _check_people(address: str, coordinator: str) -> None:
    for one in (address, coordinator):
        if not _is_address(one):
            raise Misconfigured(f"'{one}' is no mail address; write name@domain.")
    if coordinator.lower() == address.lower():
        raise Misconfigured(f"{address} cannot be its own coordinator; name a person with --coordinator ADDRESS.")


def _tried(args: argparse.Namespace, words: Mapping[str, str], folder: Path, questions: Questions) -> int:
    """Try what was written with the password of the environment, or one that is typed and kept nowhere."""
    from maild.adapters.providers import provider_of
    from maild.config import load

    variable = words["password_env"]
    if questions.asks and not os.environ.get(variable) and provider_of("", words["imap_host"]).login == "code":
        questions.say("code")
    for _ in range(TRIES):
        password = os.environ.get(variable) or questions.secret("password")
        if not password:
            questions.say("untried")
            return 0
        settings = load(folder / "maild.toml", {**os.environ, variable: password})
        box = settings.mailbox[0]
        questions.say("trying")
        if not (wrong := logins(box)):
            questions.say("both_well")
            test = words["coordinator"] != PLACEHOLDER and questions.yes("test_mail", args.test_mail, default=True)
            to = words["coordinator"] if test else ""
            return first_contact(box, settings, questions, words=SEEDS, test_to=to)
        print("\n".join(wrong), flush=True)
        if os.environ.get(variable) or not questions.asks or not questions.yes("again", None, default=True):
            break
    return 1


def _texts(words: Mapping[str, str]) -> dict[str, str]:
    """The files by name; a JSON string is a string in TOML and YAML too."""
    quoted = {key: json.dumps(word, ensure_ascii=False) for key, word in words.items()}
    ports = {key: word for key, word in words.items() if key.endswith("_port")}
    seeds = {name: (SEEDS / seed).read_text("utf-8") for seed, name in FILES.items()}
    return {name: Template(text).substitute(quoted | ports) for name, text in seeds.items()}


def _prove(texts: Mapping[str, str], password_env: str, folder: Path) -> None:
    """Read what was written as `maild run` would, before it is written where it counts."""
    from maild.adapters.directoryfile import read_directory
    from maild.adapters.packfile import find_pack
    from maild.adapters.routefile import read_routes
    from maild.config import load
    from maild.domain.lookup import Index

    with tempfile.TemporaryDirectory() as place:
        draft = Path(place).resolve()
        _put(texts, draft)
        _make_key(draft)
        try:
            settings = load(draft / "maild.toml", {password_env: "not yet"})
            people = read_directory(draft / "directory.yaml", settings.organisation.timezone)
            for box in settings.mailbox:
                read_routes(find_pack(box.pack, settings.rules), Index(people, domain=settings.organisation.domain))
        except MaildError as error:
            raise Misconfigured(error.sentence.replace(str(draft), str(folder))) from error


def _write(texts: Mapping[str, str], folder: Path) -> None:
    try:
        for name in texts:
            _keep(folder / name)
        _put(texts, folder)
        (folder / "var").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"{folder}: cannot be written ({error.strerror}); check its rights.") from error


def _make_key(folder: Path) -> None:
    """The key of the seal; one that is there stays, as what it has closed is lost without it."""
    from maild.adapters.sealring import write_key

    if not (folder / KEY_FILE).exists():
        write_key(folder / KEY_FILE, new_key_text(), new=True)


def _put(texts: Mapping[str, str], folder: Path) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def _keep(path: Path) -> None:
    """Move a file that exists out of the way, never over another one."""
    if path.exists():
        number = 1
        while (kept := path.with_name(f"{path.name}.bak{number if number > 1 else ''}")).exists():
            number += 1
        path.rename(kept)


def _told(words: Mapping[str, str], folder: Path) -> dict[str, str]:
    is_open = words["coordinator"] == PLACEHOLDER
    return {
        "folder": str(folder), "files": ", ".join(FILES.values()), "password_env": words["password_env"],
        "imap": f"{words['imap_host']}:{words['imap_port']}", "smtp": f"{words['smtp_host']}:{words['smtp_port']}",
        "coordinator_note_zh": f" (现在写的 {PLACEHOLDER} 收不到信)" if is_open else "",
        "coordinator_note_en": f" ({PLACEHOLDER} reaches nobody)" if is_open else "",
    }  # fmt: skip
