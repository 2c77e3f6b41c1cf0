"""Something of a sealed letter leaves: the seal-holder sees exactly what, and says so first (security.md, "The seal")."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.casework import MORNING, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, to, whole
from tests.journeys.post import mail
from tests.journeys.test_attachments import files_of
from tests.journeys.test_seal import ADDRESS, FILE, NAME, PHONE, SECRETS, SIGNED, STAFF, WRITER, document, told, words

pytestmark = pytest.mark.slow
HOLDER, RECEIVER, GM = "zhou.min@corp.example", "he.zhiqiang@corp.example", "chen.guodong@corp.example"
OTHER_HOLDER, ACCUSED = "lin.xiaoyue@corp.example", "qin.dayong@corp.example"
SUBJECT = "蓝色柜子里的事"
TEXT = f"""我是{NAME}，工号{STAFF}。班长覃大勇从10月12日起在车间当众辱骂我、推我，还扣我的加班费，请调查处理。

夜班宿舍从那天起就没有热水，报修三次没有人来。夜班只有我一个女员工。

我的电话 138 0000 7788，也可以写 {ADDRESS}。

{NAME}
{SIGNED} {PHONE}
"""
ORDER, ABSTRACT = "转物流部", "夜班宿舍热水停供，报修三次无人处理，请在本周内检修。"
MARK = "[已隐去]"


def photo() -> bytes:
    """What no cleaner knows."""
    return b"ID3 sound of " + NAME.encode()


def evidence() -> bytes:
    """A Word file that names its author in its properties and says nothing of her in its words."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", "<w:document xmlns:w='w'><w:t>热水记录</w:t></w:document>")
        parts.writestr("docProps/core.xml", "<a><creator>Long Xiaowen</creator></a>")
        parts.writestr("docProps/app.xml", "<a><Template>C:\\Users\\longxw\\Normal.dotm</Template></a>")
    return made.getvalue()


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A complaint with three attachments in HR's hands."""
    with open_desk(tmp_path) as desk:
        yield begun(Casework(desk), {FILE: evidence(), "录音.mp3": photo(), "热水.docx": document()})


def begun(work: Casework, files: dict[str, bytes]) -> Casework:
    """The complaint comes in."""
    work.desk.now = MORNING
    raw = mail(SUBJECT, TEXT, sender=WRITER, files=files)
    work.letters += work.desk.receive(raw, authentication="pass")
    assert ("staff-complaint", HOLDER) == (work.case["type"], work.case["handler"])
    return work


def asked(work: Casework, text: str = ORDER, who: str = HOLDER) -> Letter:
    """The preview that an order makes; nothing has left."""
    letters = work.says(who, text, answering="handler.assignment")
    assert [] == to(letters, RECEIVER)
    (preview,) = of_kind(letters, "manager.seal-release")
    return preview


def answer(work: Casework, text: str, who: str = HOLDER) -> list[Letter]:
    """An answer to the newest preview."""
    return work.says(who, text, answering="manager.seal-release")


def writes(work: Casework, text: str) -> list[Letter]:
    """The complainant writes again."""
    work.desk.now += timedelta(minutes=1)
    key = next(x for x in reversed(work.got(ADDRESS)) if x.token)
    made = mail(f"Re: {key.subject}", text, sender=WRITER, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))
    letters = work.desk.receive(made, authentication="pass")
    work.letters += letters
    return letters


def said(letter: Letter) -> str:
    """The plain text, quotation marks and line ends taken out."""
    return "".join(line.removeprefix("> ") for line in letter.text.splitlines())


def clean(letters: list[Letter]) -> list[str]:
    """What of the seal-holder's list is in letters to anybody but the complainant; nothing."""
    return [word for one in letters if one.to != ADDRESS for word in told(words(one))]


def events(work: Casework, kind: str) -> list[dict[str, Any]]:
    """The events of one kind."""
    return [one for one in work.case["events"] if one["kind"] == kind]


def test_the_preview_shows_exactly_what_would_leave(work: Casework) -> None:
    """Cleaned words by paragraph, what was cut, attachments that stay, and ready replies go to the seal-holder at once."""
    preview = asked(work)

    assert HOLDER == preview.to
    for shown in ("物流部", "何志强", "第1段", f"我是{MARK}，工号{MARK}", "报修三次没有人来", f"我的电话 {MARK}，也可以写 {MARK}",
                  "第1段：姓名，1处", "第3段：邮箱地址，1处", "1. 附件1.docx", "2. 附件2.mp3", "不能转出", "夜班只有我一个女员工"):  # fmt: skip
        assert shown in preview.text, shown
    for line in ("放行", "放行 附件 1", "摘要：", "删 第2段", "不放行"):
        assert line in preview.text
    assert [] == clean(work.letters)
    assert {} == files_of(preview)
    assert [("assigned", HOLDER)] == [(work.state, work.case["handler"])]
    assert [] == work.got(RECEIVER)


def test_what_was_shown_leaves_under_the_alias_and_nothing_else(work: Casework) -> None:
    """放行: the receiver has the words of the preview, no attachment, and can ask and answer; the event keeps the hash."""
    preview = asked(work, f"{ORDER}，周五前答复")

    letters = answer(work, "放行")

    (assignment,) = to(letters, RECEIVER)
    assert "handler.assignment" == assignment.kind
    for text in ("报修三次没有人来", f"我是{MARK}，工号{MARK}", "来信人-", "周五前答复"):
        assert text in assignment.text
    assert {} == files_of(assignment)
    assert [] == clean([assignment])
    assert SIGNED not in whole(assignment)
    assert SUBJECT not in whole(assignment)
    (event,) = events(work, "seal-released")
    data = event["data"]
    assert (HOLDER, [RECEIVER], []) == (event["actor"], data["to"], data["files"])
    assert sha256(data["text"].encode()).hexdigest() == data["sha256"]
    assert all(line in said(preview) for line in data["text"].splitlines() if line)
    assert (RECEIVER, "物流部") == (work.case["handler"], work.case["unit"])
    (echo,) = of_kind(letters, "staff.echo")
    assert "已转给物流部" in echo.text


def test_both_sides_go_on_through_the_shared_address(work: Casework) -> None:
    """The receiver asks and the complainant is asked by the office; neither learns who the other is."""
    asked(work)
    answer(work, "放行")

    question = to(work.says(RECEIVER, "询问：哪一层没有热水？"), ADDRESS)[0]

    assert "哪一层没有热水" in question.text
    assert [] == telling([question], "何志强", RECEIVER)


def test_the_complainants_next_letter_does_not_go_on_by_itself(work: Casework) -> None:
    """The handler hears that something came; the seal-holder gets a preview, and what she releases goes to him."""
    asked(work)
    answer(work, "放行")
    work.says(RECEIVER, "收到", answering="handler.assignment")

    letters = writes(work, f"是二楼。我是{NAME}，别说是我讲的。\n\n{NAME}")

    (told_him,) = to(letters, RECEIVER)
    assert "handler.addition" == told_him.kind
    assert "二楼" not in whole(told_him)
    (preview,) = of_kind(letters, "manager.seal-release")
    assert HOLDER == preview.to
    assert f"是二楼。我是{MARK}，别说是我讲的。" in preview.text
    (passed,) = to(answer(work, "摘要：热水停供的是二楼。"), RECEIVER)
    assert "handler.addition" == passed.kind
    assert "热水停供的是二楼" in passed.text
    assert "别说是我讲的" not in whole(passed)
    assert [] == clean(work.letters)
    assert "已经执行过" in work.refusal(answer(work, "放行"))


def test_thanks_ask_for_no_release(work: Casework) -> None:
    """谢谢 is nothing that a handler outside must have."""
    asked(work)
    answer(work, "放行")

    assert [] == of_kind(writes(work, "谢谢！"), "manager.seal-release")


@pytest.mark.parametrize(
    "order", [f"{ORDER} 摘要：{ABSTRACT}", f"{ORDER}\n摘要：{ABSTRACT}", f"会办 物流部 摘要：{ABSTRACT}"]
)
def test_an_abstract_in_the_first_order_is_shown_and_confirmed_once(work: Casework, order: str) -> None:
    """The preview holds the abstract alone; one word lets it go, and no word of the letter goes along."""
    preview = asked(work, order)
    assert ABSTRACT.rstrip("。") in said(preview)
    assert "报修三次没有人来" not in preview.text

    (assignment,) = to(answer(work, "确认"), RECEIVER)

    assert ABSTRACT.rstrip("。") in said(assignment)
    assert [] == telling([assignment], "女员工", "辱骂", "覃大勇")
    assert [] == clean([assignment])


def test_an_abstract_instead_of_the_letter_leaves_as_it_was_written(work: Casework) -> None:
    """摘要：… in answer to the preview is the seal-holder's own text under a fresh key."""
    asked(work)

    (assignment,) = to(answer(work, f"摘要：{ABSTRACT}\n\n周敏\n人力资源部"), RECEIVER)

    assert ABSTRACT.rstrip("。") in said(assignment)
    assert [] == telling([assignment], "女员工", "辱骂", "覃大勇", "周敏\n")
    assert events(work, "seal-released")[0]["data"]["abstract"] is True


def test_an_abstract_that_names_the_writer_is_shown_again(work: Casework) -> None:
    """What slipped into her words is cut, and she sees it before it leaves."""
    asked(work)

    letters = answer(work, f"摘要：包装线{NAME}反映宿舍没有热水，电话{PHONE}。")

    assert [] == to(letters, RECEIVER)
    (again,) = of_kind(letters, "manager.seal-release")
    assert f"包装线{MARK}反映宿舍没有热水，电话{MARK}" in again.text
    (assignment,) = to(answer(work, "放行"), RECEIVER)
    assert [] == clean([assignment])


def test_a_shortened_letter_is_shown_again_and_leaves_so(work: Casework) -> None:
    """删 第2段 takes out what would betray her; the numbers of the others stay."""
    asked(work)

    letters = answer(work, "删 第2段，放行")

    assert [] == to(letters, RECEIVER)
    (again,) = of_kind(letters, "manager.seal-release")
    assert "第3段" in again.text
    assert "报修三次没有人来" not in again.text
    (assignment,) = to(answer(work, "放行"), RECEIVER)
    assert "辱骂我" in assignment.text
    assert "女员工" not in whole(assignment)
    assert [2] == events(work, "seal-released")[0]["data"]["without"]


def test_own_words_without_a_command_are_shown_first(work: Casework) -> None:
    """A reply from a telephone that is just a text leaves only after one more word; a short remark is none."""
    asked(work)

    letters = answer(work, "宿舍二楼没有热水，请派人检修，周五前告诉我结果。")

    assert [] == to(letters, RECEIVER)
    assert "没有指令" in of_kind(letters, "manager.seal-release")[0].text
    assert "宿舍二楼没有热水" in to(answer(work, "放行"), RECEIVER)[0].text


def test_a_remark_is_no_text_to_release(work: Casework) -> None:
    """我再想想 is kept inside, and the likely answers come back."""
    asked(work)

    letters = answer(work, "我再想想")

    assert ["staff.no-command"] == [x.kind for x in letters]


def test_attachments_leave_one_by_one_and_cleaned(work: Casework) -> None:
    """放行 附件 1 sends that file alone, under a neutral name, without author and path; the original stays as it was."""
    asked(work)

    (assignment,) = to(answer(work, "放行 附件 1"), RECEIVER)

    files = files_of(assignment)
    assert {"附件1.docx"} == set(files)
    with zipfile.ZipFile(io.BytesIO(files["附件1.docx"])) as folder:
        everything = b"".join(folder.read(one) for one in folder.namelist())
    assert "热水记录".encode() in everything
    assert [] == told(everything)
    assert [] == told(files["附件1.docx"])
    (released,) = events(work, "seal-released")[0]["data"]["files"]
    assert (1, sha256(files["附件1.docx"]).hexdigest()) == (released["n"], released["sha256"])


@pytest.mark.parametrize(
    ("text", "why"),
    [("放行 附件 2", "附件2.mp3"), ("放行 附件 7", "没有这个编号的附件"), ("放行 附件 3", "附件3.docx")],
)
def test_what_cannot_be_cleaned_holds_everything_back(work: Casework, text: str, why: str) -> None:
    """A sound, a number that is none, a file without content types: refused with the reason, and nothing leaves."""
    asked(work)

    letters = answer(work, text)

    assert why in work.refusal(letters)
    assert [] == to(letters, RECEIVER)
    assert 1 == len(to(answer(work, "放行"), RECEIVER))


def test_a_file_whose_words_name_the_writer_stays(tmp_path: Path) -> None:
    """Properties can be taken out; a name in the text is what the file says, and keeps it inside."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", f"<w:d xmlns:w='w'><w:t>我是{NAME[0]}</w:t><w:t>{NAME[1:]}</w:t></w:d>")
    with open_desk(tmp_path) as desk:
        work = begun(Casework(desk), {"材料.docx": made.getvalue()})
        asked(work)

        letters = answer(work, "放行 附件 1")

        assert "写有来信人的姓名" in work.refusal(letters)
        assert [] == to(letters, RECEIVER)


@pytest.mark.parametrize("word", ["不放行", "不同意", "do not release"])
def test_a_no_ends_the_request(work: Casework, word: str) -> None:
    """Nothing leaves, the case stays where it is, and a later 放行 to the same preview opens nothing."""
    asked(work)

    letters = answer(work, word)

    assert "没有转出" in of_kind(letters, "staff.echo")[0].text
    assert "已经执行过" in work.refusal(answer(work, "放行"))
    assert [] == work.got(RECEIVER)
    assert HOLDER == work.case["handler"]


def test_a_preview_lapses_after_a_day(work: Casework) -> None:
    """24 hours later its key opens nothing; the order has to be given again."""
    asked(work)
    work.later(timedelta(hours=25))

    answer(work, "放行")

    assert [] == work.got(RECEIVER)
    assert HOLDER == work.case["handler"]
    assert [] == events(work, "seal-released")


def test_only_the_holder_asked_releases(work: Casework) -> None:
    """Her key in the mail of the other seal-holder, of the gm or of the receiver himself moves nothing."""
    asked(work)

    for who in (OTHER_HOLDER, GM, RECEIVER):
        work.desk.now += timedelta(minutes=1)
        preview = work.got(HOLDER, "manager.seal-release")[-1]
        made = mail(
            f"Re: {preview.subject}", "放行", sender=who, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800")
        )
        letters = work.desk.receive(made, authentication=INSIDE.format(who))
        assert [] == of_kind(letters, "handler.assignment")
        assert [] == clean(letters)

    assert [] == events(work, "seal-released")
    assert HOLDER == work.case["handler"]


def test_a_forged_release_moves_nothing(work: Casework) -> None:
    """放行 in her name from elsewhere is a forgery, and she hears of it."""
    preview = asked(work)
    made = mail(f"Re: {preview.subject}", "放行", sender=HOLDER, date="Tue, 24 Nov 2026 12:00:00 +0800")

    letters = work.desk.receive(made, authentication="fail")

    assert [] == to(letters, RECEIVER)
    assert [] == events(work, "seal-released")


@pytest.mark.parametrize("order", ["转 覃大勇", "会办 覃大勇", f"转 覃大勇 摘要：{ABSTRACT}"])
def test_the_accused_is_never_a_receiver(work: Casework, order: str) -> None:
    """Not even an abstract goes to whom the letter complains of: no preview, and the reason."""
    assert ACCUSED in work.case["excluded"]

    letters = work.says(HOLDER, order, answering="handler.assignment")

    assert [] == of_kind(letters, "manager.seal-release")
    assert "回避" in work.refusal(letters)
    assert [] == work.got(ACCUSED)


def test_a_name_learned_after_the_preview_counts(work: Casework) -> None:
    """涉及 何志强 in a note: what was shown does not leave for him any more."""
    asked(work)
    work.says(HOLDER, "备注：涉及 何志强", answering="handler.assignment")

    letters = answer(work, "放行")

    assert [] == work.got(RECEIVER)
    assert "回避" in work.refusal(letters)


def test_who_knows_an_alias_alone_asks_the_holder(tmp_path: Path) -> None:
    """The gm orders a report on revenge elsewhere: the preview goes to a seal-holder, who decides."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.desk.now = MORNING
        text = (
            "我上月实名举报采购部主管黎军收回扣。举报之后他报复我：扣光我的奖金，把我调去夜班，还威胁要开除写信的人。"
        )
        work.letters += desk.receive(mail("打击报复", text, sender=WRITER), authentication="pass")
        assert ("retaliation", GM) == (work.case["type"], work.case["handler"])

        letters = work.says(GM, "转物流部 摘要：请核对夜班排班表。", answering="handler.assignment")

        (preview,) = of_kind(letters, "manager.seal-release")
        assert preview.to == HOLDER
        assert "陈国栋要求转办" in preview.text
        (assignment,) = to(answer(work, "放行"), RECEIVER)
        assert "请核对夜班排班表" in assignment.text
        assert [] == telling([assignment], "黎军", "举报", NAME)


def test_without_a_key_of_the_seal_nothing_leaves(tmp_path: Path) -> None:
    """An office that has no key keeps confidential cases with those entitled, and says why."""
    with open_desk(tmp_path, seal="") as desk:
        work = begun(Casework(desk), {})

        letters = work.says(HOLDER, ORDER, answering="handler.assignment")

        assert "保密类事项只能由" in work.refusal(letters)
        assert [] == of_kind(letters, "manager.seal-release")


def test_a_release_can_be_taken_back_from_the_case(work: Casework) -> None:
    """撤销: the case is HR's again, and the receiver's key opens nothing of it."""
    asked(work)
    answer(work, f"摘要：{ABSTRACT}")

    work.says(HOLDER, "撤销", answering="staff.echo")

    assert HOLDER == work.case["handler"]
    letters = work.says(RECEIVER, "状态", answering="handler.assignment")
    assert [] == clean(letters)
    work.says(RECEIVER, "答复：热水已经修好，请放心使用。", answering="handler.assignment")
    assert [] == of_kind(work.got(ADDRESS), "requester.answer")


def test_the_receiver_can_fetch_and_search_nothing(work: Casework) -> None:
    """附件, 处理单, 查 and 转 by the receiver outside bring out no word and no file of the letter."""
    asked(work)
    answer(work, f"摘要：{ABSTRACT}")

    letters = [x for text in ("附件 1", "处理单", "查 加班费", "转质量部", "状态", "备注：已派人") for x in work.says(RECEIVER, text, answering="handler.assignment")]  # fmt: skip

    own = [x for x in letters if x.to not in {HOLDER, OTHER_HOLDER, ADDRESS}]
    assert [] == telling(own, "辱骂", "女员工", "覃大勇", *SECRETS)
    assert [] == [x.to for x in own if files_of(x) and x.kind != "staff.sheet"]
    assert [HOLDER] == [x.to for x in of_kind(letters, "manager.seal-release")]
    assert RECEIVER == work.case["handler"]


def test_days_go_by_and_nothing_tells_who_wrote(work: Casework) -> None:
    """Reminders, escalations, digests, weeklies, a reopening and the end: the net over all of it stays empty."""
    asked(work)
    answer(work, "放行 附件 1")
    for days in (1, 1, 3, 4):
        work.later(timedelta(days=days))
    work.says(
        RECEIVER,
        "结案\n原因：锅炉故障\n措施：已更换\n答复来信人：热水已于11月30日恢复，锅炉已更换。",
        answering="handler.assignment",
    )
    writes(work, f"不满意，还是没有热水。{NAME} {PHONE}")
    for days in (1, 7):
        work.later(timedelta(days=days))

    assert [] == clean(work.letters)
    own = [
        x
        for x in work.letters
        if x.to not in {HOLDER, OTHER_HOLDER, GM, ADDRESS, "ding.ning@corp.example", "you.jia@corp.example"}
    ]
    assert [] == telling(own, "还是没有热水", SIGNED)


def test_english_words_do_the_same(work: Casework) -> None:
    """Route Logistics, abstract: … and release, from an English telephone."""
    preview = asked(work, "route 物流部, abstract: No hot water in the dormitory; please repair it this week.")
    assert "No hot water in the dormitory" in preview.text

    (assignment,) = to(answer(work, "release"), RECEIVER)

    assert "No hot water in the dormitory" in assignment.text


def test_a_doubtful_answer_to_the_preview_is_enough(work: Casework) -> None:
    """The preview went to the directory's address: its fresh key is the second mail, also where nobody vouches."""
    preview = asked(work)
    made = mail(f"Re: {preview.subject}", "放行", sender=HOLDER, date="Tue, 24 Nov 2026 12:00:00 +0800")

    letters = work.desk.receive(made)

    assert ["handler.assignment"] == [x.kind for x in to(letters, RECEIVER)]
