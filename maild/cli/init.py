"""Write a commented maild.toml, directory.yaml and rules/pack.yaml, and check that maild can start with them.

It asks nothing and connects to nothing; a password never stands in a file. Files that exist are left alone unless
--force is given, and then kept beside the new ones as .bak.

example: maild init --address gm@corp.example --coordinator lin.xiaoyue@corp.example --name 示例公司
"""

import argparse
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from string import Template

from maild.errors import MaildError, Misconfigured

SEEDS = Path(__file__).resolve().parent / "office"
FILES = {"maild.toml": "maild.toml", "directory.yaml": "directory.yaml", "pack.yaml": "rules/pack.yaml"}
"""What lies in `office/`, and where it is written."""
PLACEHOLDER = "coordinator@placeholder.invalid"
"""Nobody has this address (RFC 2606), so that no stranger is written to before a real one stands there."""
NO_DOMAIN = "placeholder.invalid"
_ADDRESS = re.compile(r"[^\s@<>,;\"()']+@[\w-]+(\.[\w-]+)+")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild init`."""
    parser.add_argument("--dir", type=Path, default=Path(), metavar="DIR", help="where to write (default: here)")
    parser.add_argument("--address", default="gm@corp.example", help="the shared mailbox")
    parser.add_argument("--imap-host", help="default: the provider's, or imap.DOMAIN")
    parser.add_argument("--smtp-host", help="default: the provider's, or smtp.DOMAIN")
    parser.add_argument("--name", default="示例公司", help="the organisation's name")
    parser.add_argument("--domain", help="the organisation's own mail domain (default: that of the address)")
    parser.add_argument("--coordinator", default=PLACEHOLDER, metavar="ADDRESS", help="who watches the whole flow")
    parser.add_argument("--force", action="store_true", help="write again; files that exist are kept as .bak")


def run(args: argparse.Namespace) -> int:
    """Write and prove the files; 2 when one of them exists already."""
    words = _words(args)
    folder = args.dir.resolve()
    existing = [name for name in FILES.values() if (folder / name).exists()]
    if existing and not args.force:
        raise Misconfigured(
            f"{folder}: {', '.join(existing)} exists already; write elsewhere with --dir DIR, or again with --force."
        )
    texts = _texts(words)
    _prove(texts, words["password_env"], folder)
    _write(texts, folder)
    print(Template((SEEDS / "next-steps.txt").read_text("utf-8")).substitute(_told(args, words, folder)), end="")
    return 0


def _words(args: argparse.Namespace) -> dict[str, str]:
    """What the questions were answered with, and what follows from it."""
    from maild.adapters.providers import is_public, provider_of, servers_for

    for address in (args.address, args.coordinator):
        if not _ADDRESS.fullmatch(address):
            raise Misconfigured(f"'{address}' is no mail address; write name@domain.")
    if args.coordinator.lower() == args.address.lower():
        raise Misconfigured(f"{args.address} cannot be its own coordinator; name a person with --coordinator ADDRESS.")
    local, _, own = args.address.partition("@")
    servers = servers_for(own, provider_of(own))
    return {
        "address": args.address, "name": args.name, "coordinator": args.coordinator,
        "domain": args.domain or (NO_DOMAIN if is_public(own) else own),
        "imap_host": args.imap_host or servers.imap_host, "imap_port": str(servers.imap_port),
        "imap_security": servers.imap_security,
        "smtp_host": args.smtp_host or servers.smtp_host, "smtp_port": str(servers.smtp_port),
        "smtp_security": servers.smtp_security,
        "password_env": f"MAILD_{re.sub(r'[^A-Z0-9]', '_', local.upper())}_PASSWORD",
    }  # fmt: skip


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


def _told(args: argparse.Namespace, words: Mapping[str, str], folder: Path) -> dict[str, str]:
    is_open = args.coordinator == PLACEHOLDER
    return {
        "folder": str(folder), "files": ", ".join(FILES.values()), "password_env": words["password_env"],
        "imap": f"{words['imap_host']}:{words['imap_port']}", "smtp": f"{words['smtp_host']}:{words['smtp_port']}",
        "coordinator_note_zh": f" (现在写的 {PLACEHOLDER} 收不到信)" if is_open else "",
        "coordinator_note_en": f" ({PLACEHOLDER} reaches nobody)" if is_open else "",
    }  # fmt: skip
