"""What the office changed of a shipped pack: its own entries beside the shipped ones (`maild policy diff`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from maild.domain.pack import Pack
from maild.domain.span import Span
from maild.domain.value import value

_BESIDE = frozenset({"types", "points", "voices", "rules", "examples"})
"""Parts of a policy that are compared entry by entry, or only counted."""


@value
class Difference:
    """One entry that the office added, changed or removed; values are plain JSON."""

    what: str
    """rule, type, point, voice, route, form, round, report, deadline, ladder, setting, phones or examples."""
    id: str
    how: str
    """added, changed or removed."""
    shipped: dict[str, Any] | None = None
    """The shipped values of what differs; None where the entry is new."""
    own: dict[str, Any] | None = None
    """The office's values; None where the entry is removed."""


def differences(shipped: Pack, own: Pack) -> list[Difference]:
    """Every difference, in the order in which a pack is read."""
    below, above = shipped.policy, own.policy
    found = [*_settings(_plain(below, _BESIDE), _plain(above, _BESIDE))]
    for what, before, after in (
        ("type", below.types, above.types),
        ("point", below.points, above.points),
        ("voice", below.voices, above.voices),
        ("rule", below.rules, above.rules),
        ("route", shipped.routes.routes, own.routes.routes),
        ("form", shipped.rounds.forms, own.rounds.forms),
        ("round", shipped.rounds.rounds, own.rounds.rounds),
        ("report", shipped.reports.reports, own.reports.reports),
    ):
        found += _entries(what, _by_id(before), _by_id(after))
    found += _entries("deadline", _deadlines(shipped), _deadlines(own))
    found += _entries("ladder", _ladders(shipped), _ladders(own))
    found += _settings(_plain(shipped.routes, {"routes"}), _plain(own.routes, {"routes"}))
    found += _settings({"phones": _json(shipped.phones)}, {"phones": _json(own.phones)})
    more = len(above.examples) - len(below.examples)
    return found + ([Difference(what="examples", id="examples", how="changed", own={"more": more})] if more else [])


def _entries(
    what: str, before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]]
) -> Iterator[Difference]:
    for ident in dict.fromkeys((*before, *after)):
        if ident not in after:
            yield Difference(what=what, id=ident, how="removed", shipped=before[ident])
        elif ident not in before:
            yield Difference(what=what, id=ident, how="added", own=after[ident])
        elif before[ident] != after[ident]:
            changed = [key for key in {**before[ident], **after[ident]} if _differ(before[ident], after[ident], key)]
            yield Difference(
                what=what, id=ident, how="changed", shipped={key: before[ident].get(key) for key in changed},
                own={key: after[ident].get(key) for key in changed},
            )  # fmt: skip


def _differ(before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> bool:
    return bool(before.get(key) != after.get(key))


def _settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for key in before:
        if before[key] != after[key]:
            yield Difference(what="setting", id=key, how="changed", shipped={key: before[key]}, own={key: after[key]})


def _deadlines(pack: Pack) -> dict[str, dict[str, Any]]:
    return {
        name: {kind.value: f"{'date in it, else ' if term.own_date else ''}{term.span}" for kind, term in terms.items()}
        for name, terms in pack.deadlines.types.items()
    }


def _ladders(pack: Pack) -> dict[str, dict[str, Any]]:
    times = _plain(pack.deadlines, {"types", "ladders"})
    return {"times": times} | {
        f"{', '.join(ladder.types) or 'every type'}: {', '.join(ladder.kinds) or 'every clock'}": _plain(ladder, set())
        for ladder in pack.deadlines.ladders
    }


def _by_id(entries: Iterable[Any]) -> dict[str, dict[str, Any]]:
    return {str(entry.id): _plain(entry, set()) for entry in entries}


def _plain(one: Any, without: Iterable[str]) -> dict[str, Any]:
    return {item.name: _json(getattr(one, item.name)) for item in fields(one) if item.name not in without}


def _json(said: Any) -> Any:
    """Plain values, in an order of their own where they have none."""
    if isinstance(said, Span):
        return str(said)
    if is_dataclass(said) and not isinstance(said, type):
        return _plain(said, ())
    if isinstance(said, Mapping):
        return {str(key): _json(one) for key, one in said.items()}
    if isinstance(said, frozenset | set):
        return sorted(map(str, said))
    if isinstance(said, list | tuple):
        return [_json(one) for one in said]
    return said if said is None or isinstance(said, bool | int | float | str) else str(said)
