"""What a reply costs to read grows with its length and no faster, whatever it is made of."""

from time import thread_time

import pytest

from maild.domain.command import Answers
from maild.domain.grammar import understand
from tests.domain.reading import NOW, calendar
from tests.domain.sample import index

SHORT, LONG = 10_000, 100_000
NOTHING_TO_SEE = 0.1
"""Seconds of this thread's own time below which no ratio is worth a look."""
SLOWER = 25
"""Times as much for ten times the text: room for a busy machine's caches, none for a square, which is a hundred."""
TEXTS = {
    "zh": "转物流部处理，周五前答复客户。嗯那个就是说客户很着急，老何你看一下，如果周五还没消息就转质量部。",
    "en": "Please have Logistics take this, answer by EOD Friday. If not, ask Quality. ",
    "mixed": "142 备注 客户很急\n143 转质量部 by Friday EOB\nplease route to Logistics，国庆后第一个工作日 12月3日 ",
    "commas": "请物流部，转质量部，让老何，给销售部，",
    "dates": "12月3日 周五前 下周三 12/4 3天内 两个月后 元旦前 节后",
    "numbers": "142、143、144 145 GM-2026-000142 ",
    "names": "何经理王磊张三物流部质量部生产副总",
    "lines": "嗯\n",
    "blanks": " " * 50 + "转" + " " * 50,
    "told": "他说转物流部的货还没到，客户问要不要转质量部？",
    "marks": "> a\n在 2026年 写道",
    "header": "发件人: a\n",
    "one word": "x",
    "brackets": "【（“「[(",
}


def cost(piece: str, length: int, answers: Answers) -> float:
    """The least of three times of this thread, for a text of this length."""
    text = (piece * (length // len(piece) + 1))[:length]
    times = []
    for _ in range(3):
        begun = thread_time()
        understand(text, answers=answers, names=index(), now=NOW, many_cases=True, calendar=calendar())
        times.append(thread_time() - begun)
    return min(times)


@pytest.mark.parametrize("answers", [Answers.NOTICE, Answers.DIGEST])
@pytest.mark.parametrize("made_of", TEXTS)
def test_ten_times_the_text_costs_about_ten_times_as_much(made_of: str, answers: Answers) -> None:
    """No mail, however it is made, is read in a time that grows as a square."""
    long = cost(TEXTS[made_of], LONG, answers)

    assert long < NOTHING_TO_SEE or long < SLOWER * cost(TEXTS[made_of], SHORT, answers)
