"""The tour: what it prints is what happened."""

import contextlib
import io
import re
import shutil
from pathlib import Path

import pytest

from maild.adapters.shipped import shipped
from maild.cli.main import main

Captured = pytest.CaptureFixture[str]


SONG_HUI = "songhui.sz@mail-gm.example"
PRODUCTION, LOGISTICS = "zhao.weidong@corp.example", "he.zhiqiang@corp.example"


def _tour(capsys: Captured, *more: str) -> str:
    assert main(["sandbox", "--tour", *more]) == 0
    return capsys.readouterr().out


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the tour was played with --keep, and what it printed in English in `told.txt`."""
    folder, printed = tmp_path_factory.mktemp("tour"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setenv("LANG", "en_US.UTF-8")
        patch.chdir(folder)
        assert main(["sandbox", "--tour", "--keep"]) == 0
    (folder / "told.txt").write_text(printed.getvalue(), "utf-8")
    return folder


@pytest.fixture(scope="module")
def told(kept: Path) -> str:
    """What the tour printed."""
    return (kept / "told.txt").read_text("utf-8")


def _after(told: str, words: str) -> list[str]:
    """The scenes from the one on that shows `words`."""
    scenes = told.split("\n\n")
    return scenes[next(n for n, scene in enumerate(scenes) if words in scene) :]


@pytest.mark.slow
def test_the_tour_shows_every_mail_and_what_became_of_it(told: str) -> None:
    """Each mail has a verdict with its words, a handler and a time, or the reason why it became no case."""
    for expected in (
        "taken for customer complaint", "taken for customer suggestion", "taken for staff complaint",
        "taken for not feedback", "automatic mail", "delivery report", "quarantined", "refused (not authenticated)",
        "added to the case", "逾期督办", "督办", "We have received your message", "物流部就您的来信",
    ):  # fmt: skip
        assert expected in told, expected
    assert re.search(r"all 27 mails are accounted for, 7 cases, \d+ mails sent", told)


@pytest.mark.slow
def test_the_tour_asks_and_the_requester_answers(told: str) -> None:
    """A question waits its hold, leaves, and its answer brings the case back to the handler."""
    asked, clock, answered, *_ = _after(told, "请补充：请问收货地址")

    assert "state: waiting" in asked
    assert SONG_HUI not in asked
    assert f"sent → {SONG_HUI}: 请您补充有关情况" in clock
    assert "state: in progress" in answered
    assert "来信人补充情况" in answered


@pytest.mark.slow
def test_the_tour_sends_a_directive_round(told: str) -> None:
    """One receiver passes it on in time, the other is reminded and escalated, and the register shows both."""
    sent, relayed, chased, escalated, register, *_ = _after(told, "关于年末盘点的决定")

    assert all(f"sent → {one}: 请传达并回执" in sent for one in (PRODUCTION, LOGISTICS))
    assert "已执行：确认已传达" in relayed
    assert (f"sent → {LOGISTICS}: 到期提醒" in chased, PRODUCTION in chased) == (True, False)
    assert "sent → wu.jianhua@corp.example: 请督办：指令传达" in escalated
    assert re.search(r"生产部赵卫东 · 已签收：.*已传达", register)
    assert "物流部何志强 · 已签收：—" in register


@pytest.mark.slow
def test_the_tour_takes_an_answer_back_within_its_hold(told: str) -> None:
    """What is undone within the hold never leaves, and the case stands where it stood."""
    mistaken, undone, clock, *_ = _after(told, "预计11月15日送达")

    assert "已执行：答复" in mistaken
    assert "state: in progress" in undone
    assert f"nothing left → {SONG_HUI}" in clock
    assert told.count("预计11月15日送达") == 1


@pytest.mark.slow
def test_the_tour_lets_an_answer_leave_after_its_hold(told: str) -> None:
    """The answer that stands leaves after ten minutes, without the note below it; thanks open nothing again."""
    given, clock, thanks, *_ = _after(told, "备注：惠州分拨中心")

    assert SONG_HUI not in given
    assert f"sent → {SONG_HUI}: 答复" in clock
    assert "预计11月25日送达" in clock
    assert "第二次错分" not in clock
    assert "谢谢" in thanks
    assert "state: answered" in thanks


@pytest.mark.slow
def test_the_tour_opens_again_what_does_not_satisfy(told: str) -> None:
    """不满意 opens the case again for its handler, 满意 after the new answer closes it."""
    opened, resolved, clock, satisfied, *_ = _after(told, "不满意，今天")

    assert "became: case opened again" in opened
    assert "sent → he.zhiqiang@corp.example: 重新办理" in opened
    assert SONG_HUI not in resolved
    assert "您的问题解决了吗" in clock
    assert "state: closed" in satisfied


@pytest.mark.slow
def test_the_tour_hands_up_and_extends(told: str) -> None:
    """What a unit cannot settle goes to its superior; the head grants more time, and the handler is told."""
    handed, asked, granted, *_ = _after(told, "上报：差额")

    assert "sent → chen.guodong@corp.example: 部门上报" in handed
    assert "sent → shen.lan@corp.example: 请批复延期" in asked
    assert "sent → tang.ning@corp.example: 同意延期" in granted


@pytest.mark.slow
def test_a_changed_rule_changes_what_the_tour_prints(
    told: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing printed is made up: take the rules of a type away, and the printed verdict is another one."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    rules = tmp_path / "rules"
    shutil.copytree(shipped("rules"), rules)
    complaints = rules / "gm-mailbox" / "rules" / "customer-complaint.yaml"
    weaker = re.sub(r"weight: [\d.]+", "weight: 0.01", complaints.read_text("utf-8"))
    complaints.write_text(weaker, "utf-8")

    changed = _tour(capsys, "--rules", str(rules))
    shipped_words, changed_words = _verdict(told), _verdict(changed)

    assert "taken for customer complaint" in shipped_words
    assert shipped_words.partition("handler")[0] != changed_words.partition("handler")[0]
    assert "left out: under these rules" in changed
    assert "left out" not in told


def _verdict(out: str) -> str:
    """What is printed of the letter about the accounts."""
    return out.partition("chenyan@partner-jiyetrade.example")[2].partition("\n\n")[0]


@pytest.mark.slow
def test_keep_leaves_the_raw_mails(kept: Path) -> None:
    """With --keep the mails, the database and the settings stay in a folder."""
    assert list((kept / "maild-demo" / "mails").rglob("*.eml"))
    assert (kept / "maild-demo" / "var" / "maild.db").is_file()
    assert (kept / "maild-demo" / "maild.toml").is_file()
