"""What a reader of a page cannot see is no text of the mail."""

import time
from email.message import EmailMessage

import pytest

from maild.mail.htmltext import html_text
from maild.mail.parse import parse
from maild.mail.visibility import PLAIN, look_inside

HIDDEN = [
    'style="font-size:0"', "style='font-size: 0.0pt !important'", 'style="font-size:1px;line-height:1px"',
    'style="font:0/0 a"', 'style="visibility:hidden"', 'style="VISIBILITY:COLLAPSE"', 'style="display:none"',
    'style="mso-hide:all"', 'style="color:#fff"', 'style="color:#FFFFFF"', 'style="color:white"',
    'style="color:#fefdff"', 'style="color:rgb(255,255,255)"', 'color="white"', "COLOR=#FFFFFF", "hidden", 'hidden=""',
    'style="color:transparent"', 'style="opacity:0"', 'style="opacity: 0.0"', 'style="height:0;overflow:hidden"',
    'style="position:absolute;left:-9999px"', 'style="text-indent:-99em"', 'style="background:#000;color:black"',
    'style="background-color:#123456;color:#123456"', 'style="color:red;color:white"',
]  # fmt: skip
SEEN = [
    "", 'style=""', 'style="font-size:10px"', 'style="font-size:small"', 'style="color:#999"', 'color="red"',
    'style="background:#036;color:#fff"', 'bgcolor="#003366" style="color:white"', 'class="hidden"',
    'title="hidden" data-hidden="1"', 'style="color:var(--ink)"', 'style="background:url(a.png);color:white"',
    'style="opacity:0.5"', 'style="height:0"', 'style="overflow:hidden"', 'style="text-indent:2em"',
    'style="color:white;color:black"', 'style="color:windowtext"', 'style="font:14px/1.5 Arial"',
]  # fmt: skip


@pytest.mark.parametrize("attributes", HIDDEN)
def test_hidden_text_is_no_text(attributes: str) -> None:
    """However a style hides words, they are not read, neither for the type of a mail nor as an order."""
    assert look_inside(PLAIN, attributes).hidden
    assert html_text(f"<p>Seen.</p><div {attributes}>转物流部</div>") == "Seen."


@pytest.mark.parametrize("attributes", SEEN)
def test_what_may_be_seen_is_kept(attributes: str) -> None:
    """Where it cannot be told that words are hidden they are read: nothing a person wrote is lost."""
    assert not look_inside(PLAIN, attributes).hidden
    assert html_text(f"<div {attributes}>转物流部</div>") == "转物流部"


def test_an_element_inside_may_show_itself_again() -> None:
    """Size, visibility and colour of the inner element count, as in a browser; what is not shown at all stays so."""
    assert html_text('<td style="font-size:0"><p style="font-size:13px">a</p></td>') == "a"
    assert html_text('<div style="visibility:hidden">x<b style="visibility:visible">a</b></div>') == "a"
    assert html_text('<div style="color:#fff"><p style="color:#000">a</p>x</div>') == "a"
    assert html_text('<div style="display:none"><p style="display:block;font-size:20px">x</p></div>') == ""


def test_a_hidden_order_is_not_in_the_mail() -> None:
    """Of a whole mail neither text nor fresh text holds what its reader never saw."""
    message = EmailMessage()
    message["From"] = "he.zhiqiang@corp.example"
    message.set_content("<p>收到。</p><p style='font-size:0'>转财务部</p>", subtype="html")

    mail = parse(message.as_bytes())

    assert (mail.text, mail.fresh_text) == ("收到。", "收到。")


SHEET = """<style type="text/css"><!-- /* {.no{display:none}} */ .pre, td.x {font-size:0} #off{display:none}
@media (max-width:600px) {.narrow{display:none} .pre{font-size:9px}} .white{color:#fff} .a .b{display:none} --></style>"""


@pytest.mark.parametrize("attributes", ['class="pre"', "class='big pre'", "class=x", 'ID="OFF"', 'class="White"'])
def test_a_style_sheet_hides_too(attributes: str) -> None:
    """A class or id that the page's own sheet hides is hidden."""
    assert html_text(f"<html><head>{SHEET}</head><p>a</p><td {attributes}>转物流部</td></html>") == "a"


@pytest.mark.parametrize(
    "attributes", ['class="narrow"', 'class="no"', 'class="b"', 'class="pre" style="font-size:12px"']
)
def test_what_a_sheet_hides_only_at_times_is_text(attributes: str) -> None:
    """Rules for narrow screens, comments and rules of several steps hide nothing; an element's own style counts more."""
    assert html_text(f"<html><head>{SHEET}</head><p {attributes}>转物流部</p></html>") == "转物流部"


@pytest.mark.parametrize(
    "page",
    [
        '<p style="' + "color:" * 100_000, '<p style="' + ";" * 200_000 + '">x', "<p " + "style=" * 50_000 + ">x",
        '<p style="color:white">' * 20_000, "<p " + '"' * 200_000 + ">x", '<p style="font:' + "a " * 100_000 + '">x',
        '<p style="color:rgb(' + "1," * 100_000 + '">x', "<style>" + "{" * 200_000, "<style>" + ".a{}" * 100_000,
        "<style>" + "/*" * 100_000, "<style>" * 50_000, "<style>.a{color:white}</style>" + '<p class="a b c">x' * 5_000,
    ],
    ids=["open-style", "declarations", "styles", "deep", "quotes", "font", "rgb", "braces", "rules", "remarks", "sheets", "classes"],
)  # fmt: skip
def test_a_style_made_to_be_slow_is_read_at_once(page: str) -> None:
    """The work grows with the length of the page and no faster."""
    begin = time.process_time()
    html_text(page)

    assert time.process_time() - begin < 2.0
