"""The two ways to see the sandbox: the tour, and servers left running for a mail client."""

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from maild.adapters.chains import broken_chains
from maild.adapters.directoryfile import read_directory
from maild.adapters.packfile import find_pack
from maild.assembly import Workshop
from maild.daemon import machine_clock, run
from maild.sandbox.narrate import Narrator
from maild.sandbox.office import PASSWORD, SHARED, accounts, write_settings
from maild.sandbox.servers import EmbeddedServers
from maild.sandbox.tour import MovedClock, Tour, read_story


def play_tour(folder: Path, pack: str, *, keep: bool, rules: Path | None = None) -> int:
    """Play the story of a pack and print what happened; exit status 0 when every mail is accounted for."""
    shutil.rmtree(folder / "var", ignore_errors=True)
    story, clock = read_story(pack), MovedClock()
    directory = read_directory(find_pack(pack, rules) / "directory.yaml")
    with EmbeddedServers(accounts(directory), keep=folder / "mails" if keep else None) as servers:
        settings = replace(write_settings(folder, servers, pack), rules=rules)
        workshop = Workshop(settings, now=clock, machine=machine_clock)
        try:
            status = _played(servers, workshop, clock, story)
        finally:
            workshop.close()
    if keep:
        print(Narrator(workshop, story).words["left"].format(folder=folder))
    return status


def _played(servers: EmbeddedServers, workshop: Workshop, clock: MovedClock, story: dict[str, object]) -> int:
    narrator = Narrator(workshop, story)
    words = narrator.words
    print(words["title"])
    print(words["servers"].format(imap=servers.imap_port, smtp=servers.smtp_port))
    zone = ZoneInfo(workshop.settings.organisation.timezone)
    tour = Tour(servers=servers, workshop=workshop, clock=clock, story=story, zone=zone)
    for sight in tour.play():
        print("\n".join(narrator.lines(sight)), flush=True)
    print("\n".join(narrator.state()))
    cases, events, broken = broken_chains(workshop.store)
    print()
    print(words["done"].format(mails=tour.journal, cases=cases, sent=tour.sent, events=events))
    return 1 if broken else 0


def leave_running(
    folder: Path, *, imap_port: int, smtp_port: int, rules: Path | None = None, now: datetime | None = None
) -> int:
    """Run servers and daemon until interrupted, from the moment `now` on; anybody of the directory can log in."""
    clock = MovedClock()
    if now is not None:
        clock.set(now)
    directory = read_directory(find_pack("gm-mailbox", rules) / "directory.yaml")
    with EmbeddedServers(accounts(directory), imap_port=imap_port, smtp_port=smtp_port) as servers:
        settings = replace(write_settings(folder, servers, "gm-mailbox"), rules=rules)
        workshop = Workshop(settings, now=clock, machine=machine_clock)
        print(
            f"IMAP 127.0.0.1:{servers.imap_port}, SMTP 127.0.0.1:{servers.smtp_port}, no encryption, this machine only"
        )
        print(f"the shared mailbox is {SHARED}; log in as anybody of the directory, for instance")
        for person in directory.people[:6]:
            print(f"  {person.address:<32}password {PASSWORD}   {person.name}, {person.title}")
        print(f"settings, database and archive: {folder}\nwrite to {SHARED} and wait for the answer; Ctrl-C ends it")
        try:
            run(workshop)
        finally:
            workshop.close()
    return 0
