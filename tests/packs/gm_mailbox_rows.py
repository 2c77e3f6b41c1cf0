"""The rows of gm-mailbox; a new entry of the pack needs one here."""

from collections.abc import Mapping
from datetime import timedelta

from maild.domain.case import ClockKind
from maild.domain.masks import masked
from maild.domain.pack import Pack
from maild.domain.span import SpanUnit
from tests.packs.gm_mailbox import (
    CONSUMER,
    LETTERS,
    PARTNER,
    STAFF,
    STRANGER,
    Row,
    asks,
    climbs,
    ends,
    enters,
    gives,
    heard_as,
    holds,
    is_kind,
    speaks,
    takes,
)


def _keeps(pack: Pack, kind: str) -> tuple[str, str] | None:
    """How long cases of this type are kept, and what goes then."""
    found = pack.retention.row_for(kind)
    return (found.after, found.erase.value) if found else None


def _report(pack: Pack, ident: str) -> tuple[str, str, int] | None:
    """What a report is about, when it comes, and how many sections it has."""
    one = next((rule for rule in pack.reports.reports if rule.id == ident), None)
    return (one.about, one.when, len(one.sections)) if one else None


def _round(pack: Pack, ident: str) -> tuple[str, ...] | None:
    """When a round comes, how long there is, who compiles it, to whom it goes up, and what becomes a case."""
    one = pack.rounds.entry(ident)
    return (one.when, one.due, one.owner, one.report_to, one.findings.where if one.findings else "") if one else None


TODAY, TOMORROW, HALF = "2026-11-23 18:00", "2026-11-24 18:00", "2026-11-23 15:30"
_TYPES: Mapping[str, Row] = {
    "directive": is_kind("directive", "carried-out", "calm"),
    "operational-problem": is_kind("operational-problem", "resolved"),
    "staff-suggestion": is_kind("staff-suggestion", "decided", "calm", needs="what where how"),
    "staff-complaint": is_kind("staff-complaint", "resolved", "confidential", needs="who when where what evidence"),
    "staff-report": is_kind("staff-report", "resolved", "confidential", needs="who when where what evidence"),
    "important-issue": is_kind("important-issue", "resolved"),
    "customer-suggestion": is_kind("customer-suggestion", "decided", "customer", "calm", needs="what how"),
    "customer-opinion": is_kind("customer-opinion", "noted", "customer", "calm"),
    "customer-complaint": is_kind("customer-complaint", "resolved", "customer", needs="what when evidence"),
    "experience-test": is_kind("experience-test", "resolved", "calm"),
    "unit-dispute": is_kind("unit-dispute", "resolved"),
    "retaliation": is_kind("retaliation", "resolved", "confidential"),
    "not-feedback": is_kind("not-feedback", "none", "silent"),
    "unclassified": is_kind("unclassified", "none"),
    "what": asks("what", waits=True), "where": asks("where", waits=True), "how": asks("how", waits=True),
    "who": asks("who", waits=True), "when": asks("when", waits=False), "evidence": asks("evidence", waits=False),
}  # fmt: skip
_VOICES: Mapping[str, Row] = {
    "staff": heard_as("staff", "staff"), "lead": heard_as("lead", "department-head"),
    "management": heard_as("management", "gm"), "customer": heard_as("customer", "consumer"),
    "outside": heard_as("outside", "external"),
}  # fmt: skip
_COMPLAINT, _PROBLEM = "customer-complaint", "operational-problem"
_ROUTES: Mapping[str, Row] = {
    "retaliation": takes("retaliation", "retaliation"),
    "staff-complaint": takes("staff-complaint", "staff-complaint"),
    "staff-report": takes("staff-report", "staff-report"),
    "important-issue": takes("important-issue", "important-issue"),
    "directive": takes("directive", "directive"),
    "experience-test": takes("experience-test", "experience-test"),
    "unit-dispute": takes("unit-dispute", "unit-dispute"),
    "staff-suggestion": takes("staff-suggestion", "staff-suggestion"),
    "staff-suggestion-unknown-unit": takes("staff-suggestion-unknown-unit", "staff-suggestion", writer=STRANGER),
    "unclassified": takes("unclassified", "unclassified"),
    "not-feedback": takes("not-feedback", "not-feedback"),
    "partner-money": takes("partner-money", _COMPLAINT, "上月的发票抬头开错了，对账对不上。", PARTNER, "partner"),
    "partner-quality": takes("partner-quality", _COMPLAINT, "这批来料抽检不合格，开裂很多。", PARTNER, "partner"),
    "partner-delivery": takes("partner-delivery", _COMPLAINT, "货柜到货少了两箱，签收单上写了。", PARTNER, "partner"),
    "partner-supplies": takes("partner-supplies", _COMPLAINT, "采购部的招标文件一直没有发给我们供应商。", PARTNER, "partner"),
    "partner-systems": takes("partner-systems", _COMPLAINT, "订货系统的系统登录总是失败。", PARTNER, "partner"),
    "partner": takes("partner", "customer-opinion", "合作愉快。", PARTNER, "partner"),
    "consumer": takes("consumer", _COMPLAINT, "炸锅到货就是坏的。", CONSUMER, "consumer"),
    "problem-it": takes("problem-it", _PROBLEM, "ERP 登录不上，服务器宕机。"),
    "problem-logistics": takes("problem-logistics", _PROBLEM, "成品仓的叉车坏了，集装箱装不了。"),
    "problem-quality": takes("problem-quality", _PROBLEM, "测试仪过了校准期，抽检判定不准。"),
    "problem-purchasing": takes("problem-purchasing", _PROBLEM, "供应商停供，原材料断料。"),
    "problem-production": takes("problem-production", _PROBLEM, "注塑机停机，产线停线。"),
    "problem-administration": takes("problem-administration", _PROBLEM, "宿舍没有热水，食堂停电。"),
    "problem-hr": takes("problem-hr", _PROBLEM, "缺人，招聘跟不上，考勤乱。"),
    "problem-finance": takes("problem-finance", _PROBLEM, "报销一直不付款，预算也没批。"),
    "problem-stores": takes("problem-stores", _PROBLEM, "门店收银台坏了，导购手写小票。"),
    "problem-own-unit": takes("problem-own-unit", _PROBLEM, "东西坏了。", STAFF),
    "otherwise": takes("otherwise", _PROBLEM, "东西坏了。", STRANGER),
    "members": holds(lambda pack: pack.routes.members, "least-loaded"),
    "protected": holds(lambda pack: sorted(pack.routes.protected), ["retaliation", "staff-complaint", "staff-report"]),
    "entitled": holds(lambda pack: pack.routes.entitled, ("hr", "gm-office", "gm")),
    "seal_holders": holds(lambda pack: pack.routes.seal_holders, ("hr", "gm-office")),
    "erasers": holds(lambda pack: pack.routes.erasers, ("gm-office", "hr")),
    "gm_hears": holds(lambda pack: sorted(pack.routes.gm_hears), ["important-issue", "staff-report"]),
    "coordinator_hears_nothing": holds(lambda pack: sorted(pack.routes.coordinator_hears_nothing), ["retaliation"]),
}  # fmt: skip
_THREE, _FIVE, _TEN, _FIFTEEN = "2026-11-26 18:00", "2026-11-30 18:00", "2026-12-07 18:00", "2026-12-14 18:00"
_DUE: Mapping[str, str] = {
    "directive relay": TODAY, "directive resolve": _TEN,
    "operational-problem accept": HALF, "operational-problem first-answer": TOMORROW,
    "operational-problem resolve": _FIVE,
    "important-issue accept": HALF, "important-issue first-answer": TOMORROW, "important-issue resolve": _FIVE,
    "customer-complaint accept": HALF, "customer-complaint first-answer": _THREE, "customer-complaint resolve": _TEN,
    "customer-suggestion accept": TOMORROW, "customer-suggestion first-answer": _FIVE,
    "customer-suggestion resolve": _FIFTEEN,
    "customer-opinion accept": TOMORROW, "customer-opinion first-answer": _FIVE, "customer-opinion resolve": _FIFTEEN,
    "experience-test accept": TOMORROW, "experience-test first-answer": _FIVE, "experience-test resolve": _FIFTEEN,
    "staff-suggestion accept": TOMORROW, "staff-suggestion first-answer": _FIVE, "staff-suggestion review": _TEN,
    "staff-complaint accept": TOMORROW, "staff-complaint first-answer": _FIVE, "staff-complaint resolve": _FIFTEEN,
    "staff-report accept": TOMORROW, "staff-report first-answer": _FIVE, "staff-report resolve": _FIFTEEN,
    "retaliation accept": HALF, "retaliation first-answer": "2026-11-25 18:00", "retaliation resolve": _TEN,
    "unit-dispute accept": TOMORROW, "unit-dispute first-answer": _THREE, "unit-dispute resolve": _FIVE,
    "unclassified triage": HALF, "quarantined triage": HALF, "routed accept": TOMORROW,
    "routed first-answer": _FIVE,
}  # fmt: skip
"""Counted by hand from Monday, 23 November 2026, ten o'clock, a week without holidays."""
_DEADLINES: Mapping[str, Row] = {
    **{f"types.{kind}.{clock}": ends(kind, clock, due) for (kind, clock), due in
       ((tuple(name.split()), due) for name, due in _DUE.items())},
    "types.staff-suggestion.resolve": holds(
        lambda pack: pack.deadlines.terms("staff-suggestion")[ClockKind.RESOLVE].span.unit, SpanUnit.PLAN_DATE),
    "critical.accept": ends("customer-complaint", "accept", "2026-11-23 10:30", "critical"),
    "critical.first-answer": ends("customer-complaint", "first-answer", "2026-11-23 14:00", "critical"),
    "critical.triage": ends("unclassified", "triage", "2026-11-23 10:30", "critical"),
    "waiting.reminder": holds(lambda pack: str(pack.deadlines.waiting.reminder), "3 working days"),
    "waiting.over": holds(lambda pack: str(pack.deadlines.waiting.over), "10 working days"),
    "waiting.stops": holds(lambda pack: pack.deadlines.waiting.stops, 2),
    "rating": holds(lambda pack: pack.deadlines.after.rating, timedelta(days=7)),
    "reopening": holds(lambda pack: pack.deadlines.after.reopening, timedelta(days=30)),
    "aftermath": holds(lambda pack: pack.deadlines.after.aftermath, timedelta(days=30)),
    "keys.requester": holds(lambda pack: pack.deadlines.after.requester_key, timedelta(days=90)),
    "keys.staff": holds(lambda pack: pack.deadlines.after.staff_key, timedelta(days=30)),
    "plan_review": holds(lambda pack: pack.deadlines.plan_review, 1),
    "idle": holds(lambda pack: str(pack.deadlines.idle), "5 working days"),
}  # fmt: skip
_LADDER: Mapping[str, Row] = {
    "retaliation": climbs(ClockKind.ACCEPT, "handler supervisory-body", type="retaliation", confidential=True),
    "retaliation-later": climbs(ClockKind.RESOLVE, "handler hr", type="retaliation", confidential=False),
    "idle-confidential": holds(
        lambda pack: [str(one.every) for one in pack.deadlines.ladders
                      if one.confidential and ClockKind.IDLE in one.kinds], ["5 working days"]),
    "confidential": climbs(ClockKind.ACCEPT, "handler hr", type="staff-complaint", confidential=True),
    "relay": climbs(ClockKind.RELAY, "superior coordinator ^", type="directive"),
    "idle": climbs(ClockKind.IDLE, "handler head coordinator"),
    "correction": climbs(ClockKind.CORRECT, "handler head coordinator supervisory-body ^"),
    "default": holds(lambda pack: [one.upwards for one in pack.deadlines.ladders
                                   if not (one.kinds or one.types or one.confidential)], [True]),
    "again": holds(lambda pack: str(pack.deadlines.again), "5 working days"),
    "gm_weekly": holds(lambda pack: pack.deadlines.gm_weekly, ("normal", "low")),
    "alarm.every": holds(lambda pack: str(pack.deadlines.alarm.every), "15 minutes"),
    "alarm.kinds": holds(lambda pack: pack.deadlines.alarm.kinds, (ClockKind.ACCEPT, ClockKind.TRIAGE)),
    "quiet.from": holds(lambda pack: f"{pack.deadlines.quiet.start:%H:%M}", "20:00"),
    "quiet.to": holds(lambda pack: f"{pack.deadlines.quiet.end:%H:%M}", "08:00"),
}  # fmt: skip
_LEDGER: Mapping[str, Row] = {
    "late-relay": enters("late-relay", "late-relay", "gm-office", "directive"),
    "late-accept": enters("late-accept", "late-accept", "gm-office"),
    "late-answer": enters("late-answer", "late-answer", "gm-office"),
    "late-resolve": enters("late-resolve", "late-resolve", "gm-office"),
    "idle": enters("idle", "idle", "gm-office"),
    "not-serious": enters("not-serious", "reopened-twice", "gm-office"),
    "suggestion-award": enters("suggestion-award", "suggestion-award", "gm", "staff-suggestion"),
    "obstruction": enters("obstruction", "sanction", "gm", "retaliation"),
    "sanction": enters("sanction", "sanction", "gm", "staff-complaint"),
    "reporting": enters("reporting", "reporting", "gm"),
    "finance": holds(lambda pack: pack.ledger.finance, "finance"),
    "complaint-reward": enters("complaint-reward", "complaint-reward", "gm", "staff-complaint", 200),
}  # fmt: skip
_CHANNELS: Mapping[str, Row] = {
    "channels.1": holds(lambda pack: pack.channels.by("critical", "customer-complaint"), ("mail", "chat", "sms", "duty")),
    "channels.2": holds(lambda pack: pack.channels.by("normal", "customer-complaint"), ("mail",)),
    "crisis.self-harm": holds(lambda pack: pack.channels.told(["self-harm"]), ("hr", "gm-office")),
    "crisis.threat": holds(lambda pack: pack.channels.told(["threat"]), ("administration", "gm-office")),
    "crisis.press": holds(lambda pack: pack.channels.told(["press"]), ("gm-office", "gm")),
    "crisis.lawyer": holds(lambda pack: pack.channels.told(["lawyer"]), ("gm-office",)),
}  # fmt: skip
_MASKED = "身份证 110101199003077774，卡号 4111 1111 1111 1111，护照 E12345678，电话 13800138000"
_MASKS: Mapping[str, Row] = {
    "masks.1": holds(
        lambda pack: [masked(_MASKED, pack.masks.look(who.__eq__)) == _MASKED
                      for who in ("handler", "hr", "gm-office", "head", "gm")], [True, True, True, False, False],
    ),
}  # fmt: skip
_CIRCULATION: Mapping[str, Row] = {
    "types": holds(lambda pack: pack.circulating.types, ("directive",)),
    "by": holds(lambda pack: pack.circulating.by, ("gm", "gm-office")),
    "steps": holds(lambda pack: pack.circulating.steps, ("relayed", "done")),
}
_KEPT = ("5 年", "person")
_RETENTION: Mapping[str, Row] = {
    "retention.1": holds(lambda pack: _keeps(pack, "not-feedback"), ("90 天", "everything")),
    "retention.2": holds(lambda pack: [_keeps(pack, kind) for kind in sorted(pack.routes.protected)], [_KEPT] * 3),
    "retention.3": holds(lambda pack: _keeps(pack, "customer-complaint"), ("3 年", "person")),
}
_REPORTS: Mapping[str, Row] = {
    "monthly": holds(lambda pack: _report(pack, "monthly"), ("month", "first working day of the month", 13)),
    "quarterly": holds(lambda pack: _report(pack, "quarterly"), ("quarter", "first working day of the quarter", 14)),
    "yearly": holds(lambda pack: _report(pack, "yearly"), ("year", "first working day of the year", 14)),
}
_FORMS: Mapping[str, Row] = {
    "experience-test": holds(
        lambda pack: [one.id for one in pack.rounds.form("experience-test").fields],
        ["scope", "item", "score", "problem", "unit", "proposal"]),
    "experience-quarterly": holds(lambda pack: _round(pack, "experience-quarterly"),
                                  ("quarterly", "10 working days", "gm-office", "gm", "problem")),
}  # fmt: skip
_PUBLISH: Mapping[str, Row] = {
    "approves": holds(lambda pack: pack.publishing.approves, "gm-office"),
    "to": holds(lambda pack: pack.publishing.to, ("department-head",)),
    "never": holds(lambda pack: pack.publishing.never, ("important-issue", "unit-dispute")),
}
_PHONES: Mapping[str, Row] = {
    "phones.1": gives("12356", ("self-harm",)), "phones.2": gives("0755-0000-1000"), "phones.3": gives("119"),
}  # fmt: skip
_FILES: Mapping[str, Mapping[str, Row]] = {
    "types.yaml": _TYPES, "voices.yaml": _VOICES, "routes.yaml": _ROUTES, "deadlines.yaml": _DEADLINES,
    "ladder.yaml": _LADDER, "ledger.yaml": _LEDGER, "channels.yaml": _CHANNELS, "circulation.yaml": _CIRCULATION,
    "phones.yaml": _PHONES, "publish.yaml": _PUBLISH, "retention.yaml": _RETENTION, "forms.yaml": _FORMS, "reports.yaml": _REPORTS,
    "masks.yaml": _MASKS,
}  # fmt: skip
SAME_AS_DEFAULT = frozenset({
    *(f"deadlines.yaml#{name}" for name in ("waiting.reminder", "waiting.over", "waiting.stops", "rating", "reopening",
                                            "aftermath",
                                            "keys.requester", "keys.staff", "plan_review", "idle")),
    *(f"ladder.yaml#{name}" for name in ("again", "gm_weekly", "alarm.every", "alarm.kinds", "quiet.from", "quiet.to")),
    *(f"routes.yaml#{name}" for name in ("members", "protected", "entitled", "seal_holders", "erasers", "gm_hears",
                                         "coordinator_hears_nothing")),
    "circulation.yaml#steps", "publish.yaml#approves", "channels.yaml#channels.2",
})  # fmt: skip
"""Taken out, they are what every pack without them has: the file only shows them to the clerk."""


def row(entry: str) -> Row | None:
    """The row of an entry `FILE#NAME`; None where there is none."""
    name, _, said = entry.partition("#")
    found = _FILES.get(name, {}).get(said)
    return found or (speaks(said) if said in LETTERS else None)


def rows() -> tuple[str, ...]:
    """Every entry that has a row beside the rules."""
    return tuple(f"{name}#{said}" for name, table in _FILES.items() for said in table)
