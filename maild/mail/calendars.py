"""Invitations and contacts within a mail: the few properties that a person wants to read (RFC 5545, RFC 6350)."""

import re
from collections.abc import Iterator
from itertools import islice

from maild.domain.message import Invitation
from maild.mail.transfer import undone

_FOLD = re.compile(r"\r?\n[ \t]")
_PROPERTY = re.compile(
    r"([A-Za-z-]{1,40}(?:\.[A-Za-z-]{1,40})?)((?:;[^;:\"\n]{0,300}(?:\"[^\"\n]{0,300}\")?){0,10}):(.*)"
)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z)?)?")
_ZONE = re.compile(r"TZID=\"?([^\";:]{1,80})", re.IGNORECASE)
_NAMED = re.compile(r"CN=\"?([^\";:]{1,200})", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([nN,;\\])")
_CHARSET = re.compile(r"ENCODING=QUOTED-PRINTABLE", re.IGNORECASE)
_MOST_EVENTS, _MOST_CARDS, _MOST_LINES = 10, 20, 20_000
_LONGEST = 500
LONGEST = 400_000
"""Characters of a calendar or contact file that are read."""


def invitations(text: str) -> tuple[Invitation, ...]:
    """The events of a calendar; empty for anything else."""
    found: list[dict[str, str]] = []
    inside, method = 0, ""
    for name, parameters, value in _properties(text):
        if name == "METHOD":
            method = value.upper()
        elif name == "BEGIN" and (inside or value.upper() == "VEVENT"):
            inside += 1
            found += [{}] if inside == 1 else []
        elif name == "END" and inside:
            inside -= 1
        elif inside == 1 and name not in found[-1]:
            found[-1][name] = _said(name, parameters, value)
    return tuple(_invitation(one, method) for one in found[:_MOST_EVENTS] if one)


def cards(text: str) -> tuple[str, ...]:
    """The contacts of a vcf file, a line each."""
    found: list[list[str]] = []
    for name, parameters, value in _properties(text):
        bare = name.rpartition(".")[2]
        if bare == "BEGIN" and value.upper() == "VCARD":
            found.append([])
        elif found and bare in {"FN", "ORG", "TITLE", "TEL", "EMAIL"}:
            said = _quoted_printable(value) if _CHARSET.search(parameters) else value
            found[-1].append(_plain(said.removeprefix("tel:")).replace(";", " ").strip())
    return tuple(" · ".join(dict.fromkeys(filter(None, one))) for one in found[:_MOST_CARDS] if one)


def _properties(text: str) -> Iterator[tuple[str, str, str]]:
    for line in islice(_FOLD.sub("", text[:LONGEST]).split("\n"), _MOST_LINES):
        if match := _PROPERTY.match(line[:20_000].rstrip("\r")):
            yield match[1].upper(), match[2], match[3].strip()


def _said(name: str, parameters: str, value: str) -> str:
    if name in {"DTSTART", "DTEND"}:
        return _time(value, parameters)
    if name == "ORGANIZER":
        named = _NAMED.search(parameters)
        address = re.sub(r"(?i)^mailto:", "", value)[:200]
        return f"{named[1]} <{address}>" if named else address
    return _plain(value)


def _time(value: str, parameters: str) -> str:
    """A time as 2026-12-01 14:00 with the zone that the mail names."""
    found = _TIME.fullmatch(value)
    if not found:
        return _plain(value)
    year, month, day, hour, minute, utc = found.groups()
    zone = _ZONE.search(parameters)
    named = " UTC" if utc else f" ({zone[1]})" if zone else ""
    return f"{year}-{month}-{day}" + (f" {hour}:{minute}{named}" if hour else "")


def _invitation(one: dict[str, str], method: str) -> Invitation:
    return Invitation(
        summary=one.get("SUMMARY", ""), starts=one.get("DTSTART", ""), ends=one.get("DTEND", ""),
        place=one.get("LOCATION", ""), organiser=one.get("ORGANIZER", ""),
        cancelled=method == "CANCEL" or one.get("STATUS", "").upper() == "CANCELLED",
    )  # fmt: skip


def _plain(value: str) -> str:
    """RFC 5545 section 3.3.11 undone, on one line."""
    text = _ESCAPED.sub(lambda mark: " " if mark[1] in "nN" else mark[1], value[: 4 * _LONGEST])
    return " ".join(text.split())[:_LONGEST]


def _quoted_printable(value: str) -> str:
    """A value as old telephones write it."""
    return undone(memoryview(value.encode("utf-8", "replace")), "quoted-printable").decode("utf-8", "replace")
