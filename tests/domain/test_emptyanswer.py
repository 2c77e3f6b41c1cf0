"""Answers that say nothing do not leave."""

import pytest

from maild.domain.emptyanswer import lacks_substance, why_empty

QUESTION = "你好，\n10月8日下单的破壁机，10月12日显示发货，到今天9天了物流一动不动。你们到底发没发？"


@pytest.mark.parametrize(
    "text",
    [
        "已处理。",
        "已经处理完毕",
        "正在核实",
        "收到",
        "noted",
        "Handled.",
        "done",
        "已处理，谢谢",
        "处理中",
        "已办",
        "已阅",
        "我们会尽快处理，请耐心等待。",
        "您好，您反映的问题已收到，我们正在核实处理中。感谢您的来信。",
        "We are looking into it.",
        "It has been fixed.",
        "Your issue is being handled, thanks for your patience",
        "We will investigate soon.",
        "我們會盡快處理",
        "宋女士您好，已处理，祝好",
        "我们高度重视",
        "",
        " \n ",
        "。。。",
        "谢谢",
        "好的",
    ],
)
def test_status_words_are_no_answer(text: str) -> None:
    """A status word with courtesies around it is refused (P3.4.1)."""
    assert why_empty(text, QUESTION) == "empty-answer"


@pytest.mark.parametrize(
    "text",
    [
        "感谢反馈已退款50元",
        "包裹已找到，明天送达",
        "原因是仓库漏发",
        "不属实",
        "问题已解决，阀门已更换",
        "已为您退款",
        "请拨打400电话",
        "The parcel was sent to the wrong depot.",
        "We have replaced the valve.",
        "已联系客户，客户同意换货",
        "请于周五到店退货",
    ],
)
def test_a_short_answer_is_an_answer(text: str) -> None:
    """Few words that say something may leave."""
    assert why_empty(text, QUESTION) is None


@pytest.mark.parametrize(
    "text",
    [
        "10月8日下单的破壁机，10月12日显示发货，到今天9天了物流一动不动。",
        "您反映：10月8日下单的破壁机,10月12日显示发货,到今天9天了物流一动不动,你们到底发没发",
        QUESTION,
    ],
)
def test_the_question_again_is_no_answer(text: str) -> None:
    """A copy of the question is refused."""
    assert why_empty(text, QUESTION) == "copy-of-question"


def test_taking_up_the_question_is_allowed() -> None:
    """An answer that names the matter and then says something is no copy."""
    assert why_empty("您10月8日下单的破壁机在惠州仓找到了，明天下午送到，补20元券。", QUESTION) is None


@pytest.mark.parametrize("text", ["我们会改进服务，请放心", "We value your opinion.", "情况已知悉，会加强管理"])
def test_an_answer_without_substance_is_asked(text: str) -> None:
    """No figure, date, deed or reason: it is sent, and the writer is asked."""
    assert lacks_substance(text)


@pytest.mark.parametrize(
    "text",
    [
        "已退款329元",
        "明天送到",
        "因为仓库漏发",
        "阀门更换了",
        "We refunded you",
        "It was due to rain",
        "已對店員進行培訓",
    ],
)
def test_an_answer_with_substance(text: str) -> None:
    """A figure, date, deed or reason is substance."""
    assert not lacks_substance(text)


def test_any_length_is_judged() -> None:
    """Repetition cannot make the judgement slow or wrong."""
    assert why_empty("将会" * 5000, "x" * 10000) is None
    assert why_empty("已处理。" * 500, "") == "empty-answer"
