"""Letters in words: every kind, both languages, and what a hostile mail or a careless clerk may do to them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maild.adapters.lettercontext import complete
from maild.adapters.shipped import shipped
from maild.adapters.templatecheck import Sample, check_templates, read_samples
from maild.adapters.templates import JinjaTemplates
from maild.domain.letter import Letter, LetterKind, Rendered
from maild.domain.message import Address
from maild.errors import Misconfigured
from tests.adapters.lettercheck import Look, Words, contrast

SAMPLES = read_samples()
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
ENGLISH = re.compile(r"(?<![\w@.<-])[a-z]+(?: [a-z]+){2,}")
ASKS = re.compile(
    "请|无须|受理|重新办理|新增一份|答复如下|更正如下|结果|[Pp]lease|no reply needed|We have received|Nothing needs|open again|"
    "has answered|was added|No action needed"
)
Office = Callable[..., JinjaTemplates]


def _name(sample: Sample) -> str:
    return f"{sample.letter.kind.value}-{sample.letter.language}"


@pytest.fixture(scope="module")
def shipped_ones() -> JinjaTemplates:
    """The templates as they are shipped, read once."""
    return JinjaTemplates()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Templates with an office's own files laid over the shipped ones."""

    def lay(**files: str) -> JinjaTemplates:
        for name, text in files.items():
            (tmp_path / name.replace("__", ".")).write_text(text, "utf-8")
        return JinjaTemplates(office=tmp_path)

    return lay


def _letter(kind: LetterKind, language: str = "zh") -> Letter:
    return Letter(kind=kind, to=Address(address="somebody@corp.example"), language=language)


def _sample(kind: LetterKind, language: str = "zh", *, number: int = 0) -> dict[str, Any]:
    fitting = [s for s in SAMPLES if s.letter.kind is kind and s.letter.language == language]
    return dict(fitting[number].context)


def _refusal(templates: JinjaTemplates, text: str, language: str = "zh") -> Rendered:
    return templates.render(_letter(LetterKind.REFUSAL, language), {"data": {"command": text, "reason": "no-case"}})


def test_every_shipped_letter_stands_its_check(shipped_ones: JinjaTemplates) -> None:
    """Each kind has samples in both languages, and each renders with its sample and with nothing known."""
    assert check_templates(shipped_ones) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=_name)
def test_a_letter_says_the_same_in_text_and_html(sample: Sample, shipped_ones: JinjaTemplates) -> None:
    """Text and HTML come from one source: each line of the text stands in the HTML too."""
    done = shipped_ones.render(sample.letter, sample.context)
    html = re.sub(r"\W+", "", "".join(Words(done.html).pieces))

    lines = [line.removeprefix("IMPORTANT: ") for line in done.text.split("\n")]
    heads = [line for line in lines if line and line[0] not in " >-=【0123456789"]

    assert [
        line for line in heads if re.sub(r"\W+", "", line) not in html and "……" not in line and "…" not in line
    ] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=_name)
def test_a_letter_is_in_one_language(sample: Sample, shipped_ones: JinjaTemplates) -> None:
    """No English sentence is left in a Chinese letter, and no Chinese character in an English one."""
    done = shipped_ones.render(sample.letter, sample.context)
    words = re.sub(r"Host or domain name not found|mailbox full", "", done.subject + done.text)

    assert None is (CHINESE if sample.letter.language == "en" else ENGLISH).search(words)
    assert f'<html lang="{"en" if sample.letter.language == "en" else "zh-CN"}">' in done.html


@pytest.mark.parametrize("sample", SAMPLES, ids=_name)
def test_the_first_words_say_what_is_asked(sample: Sample, shipped_ones: JinjaTemplates) -> None:
    """Within 90 characters the reader knows what to do; a preview shows no more."""
    done = shipped_ones.render(sample.letter, sample.context)

    assert ASKS.search(done.text[:90]), done.text[:90]
    assert ASKS.search(" ".join(Words(done.html).pieces)[:90])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read_in_light_and_dark(dark: bool, shipped_ones: JinjaTemplates) -> None:
    """Each text keeps a contrast of 4.5:1 with what lies below it (WCAG 2.2, casework 8 "Look")."""
    seen: dict[tuple[str, str], str] = {}
    for sample in SAMPLES:
        seen |= Look(shipped_ones.render(sample.letter, sample.context).html, dark=dark).seen

    assert len(seen) >= 5
    assert [(pair, words) for pair, words in seen.items() if contrast(*pair) < 4.5] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=_name)
def test_a_letter_loads_nothing_and_links_only_replies(sample: Sample, shipped_ones: JinjaTemplates) -> None:
    """No remote content: every link is a mailto, and nothing has a source but a picture of the mail itself."""
    html = re.sub(r'<img class="ink" src="cid:[^"]*"', "", shipped_ones.render(sample.letter, sample.context).html)

    assert "http" not in html
    assert not re.search(r"\b(?:src|background|url)\s*[=(]|@import|<(?:script|img|link|iframe|form)\b", html)
    assert all(link.startswith("mailto:") and "+" not in link for link in re.findall(r'href="([^"]*)"', html))


@pytest.mark.parametrize("sample", SAMPLES, ids=_name)
def test_tables_say_what_their_headers_are(sample: Sample, shipped_ones: JinjaTemplates) -> None:
    """A table is either layout and says so, or has marked-up headers."""
    html = shipped_ones.render(sample.letter, sample.context).html

    for table in re.findall(r"<table(?![^>]*presentation).*?</table>", html, re.DOTALL):
        assert re.search(r'<th scope="(?:row|col)"', table)
    assert "max-width:600px" in html
    assert '<meta name="color-scheme" content="light dark">' in html


@pytest.mark.parametrize("sample", SAMPLES, ids=_name)
def test_buttons_are_large_enough_for_a_finger(sample: Sample, shipped_ones: JinjaTemplates) -> None:
    """Each button is at least 44 pixels high (WCAG 2.2, 2.5.5) and has words of its own."""
    html = shipped_ones.render(sample.letter, sample.context).html

    for style, words in re.findall(r'<a class="button"[^>]* style="([^"]*)">([^<]*)</a>', html):
        size = re.search(r"padding:(\d+)px .*font-size:(\d+)px;line-height:([\d.]+)", style)
        assert size
        assert 2 * int(size[1]) + int(size[2]) * float(size[3]) >= 44
        assert words.strip()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", [LetterKind.BUNDLE])
def test_the_foot_does_not_contradict_the_letter(kind: LetterKind, language: str, shipped_ones: JinjaTemplates) -> None:
    """A letter whose cases are answered elsewhere does not ask at its end to be answered itself."""
    for sample in [s for s in SAMPLES if s.letter.kind is kind and s.letter.language == language]:
        done = shipped_ones.render(sample.letter, sample.context | {"replies": []})

        assert sample.context["token"]
        assert not re.search("方括号|in brackets", done.text + done.html)
        assert "受理时间" in done.text or "Office hours" in done.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", [k for k in LetterKind if k.value.startswith("requester.")])
def test_a_requester_reads_of_units_and_never_of_persons(
    kind: LetterKind, language: str, shipped_ones: JinjaTemplates
) -> None:
    """The handler's name reaches no requester, even where the context holds it (casework 5)."""
    for sample in [s for s in SAMPLES if s.letter.kind is kind and s.letter.language == language]:
        done = shipped_ones.render(sample.letter, sample.context)

        assert not re.search("何志强|马建国|Zhiqiang|Jianguo", done.subject + done.text + done.html)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_confidential_case_has_a_neutral_subject(language: str, shipped_ones: JinjaTemplates) -> None:
    """A subject on a lock screen tells neither the type nor the words of a confidential letter."""
    context = _sample(LetterKind.ACKNOWLEDGEMENT, language, number=2)
    context["case"] = {**context["case"], "subject": "我要举报王强"}

    for kind in (LetterKind.ACKNOWLEDGEMENT, LetterKind.ANSWER, LetterKind.REOPENED_ACK, LetterKind.ASSIGNMENT):
        subject = shipped_ones.render(_letter(kind, language), context | {"data": {}}).subject

        assert not re.search("举报|王强|投诉|[Cc]omplaint", subject)


def test_the_acknowledgement_names_number_type_unit_and_deadline(shipped_ones: JinjaTemplates) -> None:
    """What a sender needs to know stands in the acknowledgement, and nothing of the letter's text."""
    done = shipped_ones.render(_letter(LetterKind.ACKNOWLEDGEMENT), _sample(LetterKind.ACKNOWLEDGEMENT))

    for words in ("GM-2026-000142", "客户投诉", "物流部", "11月27日（周五）18:00"):
        assert words in done.text
        assert words in done.html
    assert "破壁机" not in done.text


def test_the_acknowledgement_finds_unit_and_deadline_in_the_case(shipped_ones: JinjaTemplates) -> None:
    """Where the letter names neither unit nor deadline, those of the case are promised: the first answer's."""
    context = _sample(LetterKind.ACKNOWLEDGEMENT) | {"data": {}}

    text = shipped_ones.render(_letter(LetterKind.ACKNOWLEDGEMENT), context).text

    assert "承办部门：物流部\n答复期限：11月27日（周五）18:00" in text


def test_a_critical_acknowledgement_says_that_mail_is_no_emergency_call(shipped_ones: JinjaTemplates) -> None:
    """With the telephone numbers of the pack (casework 6)."""
    done = shipped_ones.render(_letter(LetterKind.ACKNOWLEDGEMENT), _sample(LetterKind.ACKNOWLEDGEMENT, number=1))

    assert "邮件不是紧急求助渠道" in done.text
    assert "值班电话：+86 10 0000 0001" in done.text


def test_ready_made_replies_stand_below_the_line_that_works_everywhere(shipped_ones: JinjaTemplates) -> None:
    """A mail client without mailto links can still do everything: the line to write is written out."""
    done = shipped_ones.render(_letter(LetterKind.ASSIGNMENT), _sample(LetterKind.ASSIGNMENT))

    assert (
        "第一行写一句话即可，例如：收到\n  - 收到（接办）\n  - 答复：……（答复来信人）\n  - 转销售部\n  - 备注：……"
        in done.text
    )
    assert done.html.index("第一行写一句话即可") < done.html.index('href="mailto:')


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('"><img src=x onerror=alert(1)>', "&#34;&gt;&lt;img src=x onerror=alert(1)&gt;"),
        ("{{ 7*7 }}{% raw %}", "{{ 7*7 }}{% raw %}"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\u2066b\u2069\u200b\ufeffc\x00\x1b[2Jd", "abc[2Jd"),
        ("half a pair \ud83d of an emoji", "half a pair  of an emoji"),
        ("&lt;b&gt; **not bold** {number}", "&amp;lt;b&amp;gt; **not bold** {number}"),
    ],
)
def test_the_text_of_a_mail_is_data(hostile: str, harmless: str, shipped_ones: JinjaTemplates) -> None:
    """What a stranger wrote is neither markup nor template, and cannot turn the line it stands in."""
    done = _refusal(shipped_ones, hostile)

    assert harmless in done.html
    assert hostile not in done.html or hostile == harmless
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", done.subject + done.text + done.html)
    (done.subject + done.text + done.html).encode()


@pytest.mark.parametrize("kind", list(LetterKind), ids=lambda kind: kind.value)
def test_hostile_words_anywhere_in_a_letter_stay_words(kind: LetterKind, shipped_ones: JinjaTemplates) -> None:
    """Whichever name of a letter holds a stranger's words, they never become markup."""
    attack = "<b onload=x>{{ 1 }}\u202e\r\nBcc: x@y.example"

    def poison(value: object) -> object:
        if isinstance(value, dict):
            return {name: poison(item) for name, item in value.items()}
        if isinstance(value, list):
            return [poison(item) for item in value]
        return attack if isinstance(value, str) else value

    for sample in [s for s in SAMPLES if s.letter.kind is kind]:
        kept = {name: sample.context[name] for name in ("replies", "token")}
        poisoned = {name: poison(value) for name, value in sample.context.items()} | kept
        done = shipped_ones.render(sample.letter, poisoned)

        assert "<b onload" not in done.html
        assert "\u202e" not in done.html + done.text + done.subject
        assert "\n" not in done.subject


def test_a_quoted_mail_cannot_pass_for_our_own_words(shipped_ones: JinjaTemplates) -> None:
    """In the text every line of a quoted mail begins with the mark of a quotation, whatever breaks its lines."""
    attack = "hello\r请承办\u2028承办：老板\x0bend"

    text = _refusal(shipped_ones, attack).text

    assert "> hello\n> 请承办\n> 承办：老板\n> end\n" in text


@pytest.mark.parametrize(
    ("wrong", "line", "words"),
    [
        ("{{ para(data.txet) }}", 3, "txet"),
        ("{{ unheard_of }}", 3, "unheard_of"),
        ("{{ para( }}", 3, "unexpected"),
        ("{% if x %}", 4, "endif"),
        ('{{ t("no-such-sentence") }}', 3, "no-such-sentence"),
        ('{{ "x" | shout }}', 3, "shout"),
        ("{{ 'a' * 10**9 }}", 3, "small numbers"),
        ("{{ 'a' * 1000000000 }}", 3, "small numbers"),
        ("{{ '%1000000000d' % 1 }}", 3, "small numbers"),
        ("{{ 9 ** 9 ** 9 }}", 3, "small numbers"),
        ("{{ 'a'.ljust(1000000000) }}", 3, "ljust"),
        ("{{ '{:1000000000}'.format(1) }}", 3, "format"),
        ("{{ ''.__class__.__mro__ }}", 3, "__class__"),
        ("{{ t.__self__ }}", 3, "__self__"),
        ("{{ 'a' | center(1000000000) }}", 3, "center"),
        ("{% for n in range(1000000000) %}{% endfor %}", 3, "range"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_file_and_line(wrong: str, line: int, words: str, office: Office) -> None:
    """A clerk reads which file and which line to mend; what would eat time or memory is a mistake too."""
    source = '{% extends "layout" %}\n{% block subject %}x{% endblock %}{% block body %}\n' + wrong + "\n{% endblock %}"

    with pytest.raises(Misconfigured, match=rf"staff\.no-command\.j2:{line}: .*{re.escape(words)}"):
        office(**{"staff.no-command.j2": source}).render(_letter(LetterKind.UNREAD_COMMAND), {})


def test_a_mistake_deep_in_a_part_is_told_at_the_line_that_used_it(office: Office) -> None:
    """An undefined name handed to a part is the letter's mistake, not the part's."""
    head = '{% extends "layout" %}\n{% block subject %}{% endblock %}\n{% block body %}\n\n'
    source = head + '{{ facts([["a", data.nobody]]) }}{% endblock %}'

    with pytest.raises(Misconfigured, match=r"staff\.echo\.j2:5: .*nobody"):
        office(**{"staff.echo.j2": source}).render(_letter(LetterKind.ECHO), {})


def test_a_letter_without_a_subject_is_a_mistake(office: Office) -> None:
    """Every letter has a subject; the file that lacks it is named."""
    with pytest.raises(Misconfigured, match=r"staff\.echo\.j2:1: .*block subject"):
        office(**{"staff.echo.j2": "{{ para('x') }}"}).render(_letter(LetterKind.ECHO), {})


def test_one_sentence_of_the_office_replaces_one_sentence(office: Office) -> None:
    """An office changes a sentence by writing that entry alone; everything else stays as shipped."""
    own = 'letters:\n  requester.acknowledgement:\n    subject: "**收到**（{number}）"\n    add: 谢谢您的来信。\n'
    templates = office(zh__yaml=own.replace("（{number}）", ""))

    done = templates.render(_letter(LetterKind.ACKNOWLEDGEMENT), {})

    assert done.subject == "收到"
    assert "谢谢您的来信。" in done.text
    assert "您的来信已收到。" in done.text


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("    opening: 编号 {nubmer}", r"zh\.yaml:3:14: \{nubmer\} is not known here; .* \{number\}"),
        ("    openning: 您好", r"zh\.yaml:3:15: no letter uses a sentence 'openning'"),
        ("    opening: 编号 {}", r"zh\.yaml:3:14: a lone '\{' stands here"),
        ("    opening: 编号 **一二", r"zh\.yaml:3:14: \*\* is opened and not closed"),
        ("    opening: [编号]", r"zh\.yaml:3:14: 'opening' needs words"),
    ],
)
def test_a_mistake_in_a_sentence_is_told_with_file_and_line(entry: str, complaint: str, office: Office) -> None:
    """A clerk who edits a catalogue reads line, column and the names that would do."""
    with pytest.raises(Misconfigured, match=complaint):
        office(zh__yaml=f"letters:\n  requester.acknowledgement:\n{entry}\n").render(
            _letter(LetterKind.ACKNOWLEDGEMENT), _sample(LetterKind.ACKNOWLEDGEMENT)
        )


def test_the_check_tells_each_mistake_once(office: Office) -> None:
    """`maild policy check` names every wrong template and goes on to the next."""
    wrong = '{% extends "layout" %}{% block subject %}{{ data.x }}{% endblock %}'

    found = [str(m) for m in check_templates(office(**{"staff.echo.j2": wrong, "staff.bounce.j2": wrong}))]

    assert [len([m for m in found if name in m]) for name in ("staff.echo.j2:1", "staff.bounce.j2:1")] == [1, 1]
    assert len(found) == 2


def test_a_kind_without_a_sample_is_told(shipped_ones: JinjaTemplates) -> None:
    """A template that nobody tries is a mistake of the samples."""
    tried = [s for s in SAMPLES if s.letter.kind is not LetterKind.DIGEST]

    assert [str(m).split("'")[1] for m in check_templates(shipped_ones, tried)] == ["manager.digest"]


@pytest.mark.parametrize(
    ("language", "lang"),
    [
        ("zh", "zh-CN"),
        ("zh-Hant", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("en", "en"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("ja", "en"),
    ],
)
def test_other_languages_fall_back(language: str, lang: str, shipped_ones: JinjaTemplates) -> None:
    """Every Chinese is written with the Chinese words, everything else with the English ones."""
    html = shipped_ones.render(_letter(LetterKind.ADDED, language), {}).html

    assert f'<html lang="{lang}">' in html


def test_both_catalogues_say_the_same_things(shipped_ones: JinjaTemplates) -> None:
    """Each word and sentence exists in both languages; English may add the singular of a sentence."""
    zh, en = (shipped_ones._catalogues[language] for language in ("zh", "en"))

    for group in zh.words.keys() | en.words.keys():
        one, other = set(zh.words[group]), set(en.words[group])
        assert {code for code in one ^ other if " " not in code} == set(), group
    for letter in zh.sentences.keys() | en.sentences.keys():
        english = {key for key in en.sentences[letter] if not key.endswith("-one")}
        assert set(zh.sentences[letter]) == english, letter


def test_every_sentence_is_used() -> None:
    """A sentence that no template says would mislead the clerk who changes it."""
    folder = shipped("templates")
    used = "".join(path.read_text("utf-8") for path in folder.glob("*.j2"))
    begun = set(re.findall(r'"([a-z]+-)"', used))
    spoken = set(re.findall(r'"([\w-]+)"', used)) | {"overdue", "triage"}
    keys = re.findall(r"^    ([\w-]+): ", (folder / "zh.yaml").read_text("utf-8"), re.MULTILINE)

    assert [key for key in keys if key not in spoken and not any(key.startswith(b) for b in begun)] == []


def test_the_words_of_a_language_are_groups_of_codes(shipped_ones: JinjaTemplates) -> None:
    """What a case's codes are called can be asked of the catalogue; sentences are not among them."""
    assert shipped_ones.words("zh-Hant")["urgency"]["critical"] == "特急"
    assert shipped_ones.words("en")["clock"]["first-answer"] == "first answer"
    assert "letters" not in shipped_ones.words("en")


def test_a_singular_is_said_where_the_language_has_one(shipped_ones: JinjaTemplates) -> None:
    """One quarantined mail is not "1 mails"."""
    context: dict[str, object] = {"data": {"items": [{"from": "x@y.example"}]}}

    subjects = [shipped_ones.render(_letter(LetterKind.QUARANTINE, lang), context).subject for lang in ("en", "zh")]

    assert subjects == ["Please look at a quarantined email", "请处理1封隔离邮件"]


def test_a_hidden_case_shows_number_type_and_deadline_alone(shipped_ones: JinjaTemplates) -> None:
    """Who may only know that a case exists reads nothing else, even where the context holds it (security.md)."""
    open_case = _sample(LetterKind.ASSIGNMENT)["case"]
    for kind in (LetterKind.NOTICE, LetterKind.ESCALATION, LetterKind.REMINDER):
        data = {"hidden": True, "clock": "accept", "due_text": "11月24日", "handler_unit": "物流部"}
        done = shipped_ones.render(_letter(kind), {"case": open_case, "data": data})

        assert "GM-2026-000142" in done.text
        assert not re.search("破壁机|宋慧|没动静", done.subject + done.text + done.html)


def test_the_programs_own_reasons_are_said_in_the_readers_language(shipped_ones: JinjaTemplates) -> None:
    """A coordinator reads in Chinese why a mail is quarantined, also where the program's own words are English."""
    reason = "The mail is nested too deeply or has too many parts; see the original."
    context: dict[str, object] = {"data": {"items": [{"reason": reason}]}}

    assert "邮件层次过深" in shipped_ones.render(_letter(LetterKind.QUARANTINE), context).text
    assert reason in shipped_ones.render(_letter(LetterKind.QUARANTINE, "en"), context).text


def test_every_name_of_a_letter_is_described() -> None:
    """README.md tells a clerk each name that a letter's template may use."""
    readme = (shipped("templates") / "README.md").read_text("utf-8")

    for kind in LetterKind:
        rows = [row for row in readme.split("\n") if row.startswith("| `") and f"`{kind.value}`" in row.split(" | ")[0]]
        names = complete(kind, {})["data"]

        assert isinstance(names, dict)
        assert len(rows) == 1, kind
        assert [name for name in names if f"`{name}`" not in rows[0] and not rows[0].startswith("| `staff.echo`")] == []


def test_what_nobody_waits_for_is_no_deadline(shipped_ones: JinjaTemplates) -> None:
    """The clock that watches for idleness is the coordinator's, no deadline that a letter shows."""
    case = {"number": "GM-2026-000001", "deadlines": [{"kind": "idle", "due_text": "12月1日（周二）18:00"}]}

    text = shipped_ones.render(_letter(LetterKind.ASSIGNMENT), {"case": case}).text

    assert "12月1日" not in text
    assert text.startswith("请办理：")
