"""The tour on a terminal: for each mail what it was taken for and why, who handles it, by when, and what left."""

import os
from collections.abc import Iterator
from datetime import datetime
from email.message import Message
from email.utils import parseaddr
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from maild.adapters.casebook import Casebook
from maild.assembly import Workshop
from maild.domain.wording import date_text
from maild.sandbox.tour import Sight, decoded, plain_text

WIDTH = 78


class Narrator:
    """Puts sights into lines of the reader's language."""

    def __init__(self, workshop: Workshop, story: dict[str, Any]) -> None:
        self.language = "zh" if os.environ.get("LANG", "").startswith("zh") else "en"
        self.words: dict[str, Any] = story["words"][self.language]
        desk = next(iter(workshop.house.desks.values()))
        self._index, self._pack = desk.index, desk.pack
        self._catalogue = workshop.house.templates.words(self.language)
        self._book = Casebook(workshop.store, {u.id: u.name for u in self._index.directory.units})
        self._zone = ZoneInfo(workshop.settings.organisation.timezone)

    def lines(self, sight: Sight) -> Iterator[str]:
        """What happened in one scene."""
        scene = sight.scene
        if "wait" in scene:
            yield ""
            yield self.words["clock"].format(at=date_text(sight.at, self._zone, self.language))
        elif "by" in scene:
            person = self._index.person(scene["by"])
            yield ""
            yield self.words["reply"].format(name=person.name if person else scene["by"])
            yield from (f"    {line}" for line in scene["text"].strip().splitlines())
        else:
            yield from self._mail(scene)
        if sight.skipped:
            yield f"    {self.words['skipped']}"
        for entry in sight.entries:
            yield from self._entry(entry)
        yield from self._sent(sight)

    def state(self) -> Iterator[str]:
        """Where each case stands at the end."""
        yield ""
        yield self.words["states"]
        for case in self._book.all():
            due = min((c["due"] for c in case["clocks"] if c["state"] == "open" and c["kind"] != "idle"), default="")
            text = date_text(datetime.fromisoformat(due), self._zone, self.language) if due else "-"
            name = self._pack.type_name(case["type"], self.language)
            state = self._catalogue["state"].get(case["state"], case["state"])
            yield f"  {case['number']}  {name}  {state}  {case['unit'] or '-'}  {text}"

    def _mail(self, scene: dict[str, Any]) -> Iterator[str]:
        yield ""
        name, address = parseaddr(scene["from"])
        first = (
            (scene.get("subject") or scene.get("text", "")).strip().splitlines()[0]
            if scene.get("text") or scene.get("subject")
            else scene.get("client", "")
        )
        yield f"{self.words['from']}  {name or address} <{address}>  {first}"

    def _entry(self, entry: dict[str, Any]) -> Iterator[str]:
        case = self._book.one(entry["number"]) if entry["number"] else None
        if entry["disposition"] != "new-case" or case is None:
            yield f"    {self.words['kept']}: {self._became(entry)}  {entry['number'] or ''}".rstrip()
            if case is not None and entry["disposition"] in ("appended", "command", "reopened"):
                yield f"    {self.words['now']}: {self._catalogue['state'].get(case['state'], case['state'])}"
            return
        found = next(e["data"] for e in case["events"] if e["kind"] == "classified")
        type_name = self._pack.type_name(case["type"], self.language)
        yield f"    {case['number']}  {self.words['taken_for']} {type_name} ({found['confidence']:.0%})"
        if found["reasons"]:
            why = "; ".join(f"{text} → {why} {weight:+.1f}" for text, why, weight in found["reasons"][:4])
            yield f"    {self.words['why']}: {why}"
        handler = self._index.person(case["handler"])
        who = f"{case['unit'] or ''} {handler.name if handler else ''}".strip() or self.words["none"]
        yield f"    {self.words['handler']}: {who}"
        for clock in case["clocks"]:
            if clock["kind"] != "idle":
                due = date_text(datetime.fromisoformat(clock["due"]), self._zone, self.language)
                yield f"    {self.words['until']}: {self._catalogue['clock'].get(clock['kind'], clock['kind'])} {due}"

    def _became(self, entry: dict[str, Any]) -> str:
        """What a mail that began no case became, and why, in the reader's language."""
        reason = entry["reason"] or ""
        said = self.words["because"] | self._catalogue["quarantine"]
        why = next((text for code, text in said.items() if code in reason), reason)
        what = self.words["became"].get(entry["disposition"], entry["disposition"])
        return f"{what} ({why})" if why else what

    def _sent(self, sight: Sight) -> Iterator[str]:
        watched = sight.scene.get("to", "")
        if watched and watched not in [parseaddr(str(mail["To"]))[1] for mail in sight.sent]:
            yield f"    {self.words['none_sent'].format(to=watched)}"
        for mail in sight.sent:
            yield f"    {self.words['sent']} → {parseaddr(str(mail['To']))[1]}: {decoded(mail['Subject'])}"
        for mail in filter(partial(_is_shown, sight.scene), sight.sent):
            yield "    " + "-" * 60
            yield from (f"    | {line}" for line in plain_text(mail).strip().splitlines())
            yield "    " + "-" * 60


def _is_shown(scene: dict[str, Any], mail: Message) -> bool:
    """Whether the scene shows this letter whole: what its customer gets, or what came back to its own writer."""
    to, show = parseaddr(str(mail["To"]))[1], scene.get("show", "")
    if show == "own":
        return to == scene.get("by")
    kinds = {"acknowledgement": "auto-replied", "answer": None}
    return show in kinds and not to.endswith("@corp.example") and mail["Auto-Submitted"] == kinds[show]
