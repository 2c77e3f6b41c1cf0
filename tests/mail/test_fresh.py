"""What is new in a reply."""

import re
from pathlib import Path

import pytest
import yaml

from maild.mail.banners import BANNERS, MARKS, without_tags
from maild.mail.fresh import MAX_LINES, fresh_text
from maild.mail.htmlquote import marked_text
from maild.mail.htmltext import html_text
from tests.mail import ROOT

CORPUS = ROOT / "tests" / "corpus" / "replies"
FILES = sorted(CORPUS.glob("*.txt"))


def _sections(path: Path) -> dict[str, str]:
    pieces = re.split(r"^%%%% (\w+)\n", path.read_text("utf-8"), flags=re.MULTILINE)
    return {"text": pieces[0], **dict(zip(pieces[1::2], pieces[2::2], strict=True))}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_reply(path: Path) -> None:
    """What the author wrote new is kept, and nothing else, in each client's shape."""
    part = _sections(path)

    fresh = fresh_text(part["text"], part.get("html", ""), author_name=part.get("author", "").strip())

    assert fresh == part["fresh"].strip("\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_carriage_returns(path: Path) -> None:
    """Line ends of the wire change nothing (RFC 5322 section 2.1)."""
    part = _sections(path)
    wire = part["text"].replace("\n", "\r\n")

    fresh = fresh_text(wire, part.get("html", ""), author_name=part.get("author", "").strip())

    assert fresh == part["fresh"].strip("\n")


def test_every_file_is_listed() -> None:
    """Each file of the corpus has its line in the README."""
    listed = set(re.findall(r"`([\w-]+)\.txt`", (CORPUS / "README.md").read_text("utf-8")))

    assert listed == {path.stem for path in FILES}


@pytest.mark.parametrize("path", [one for one in FILES if one.stem.startswith("html-")], ids=lambda path: path.stem)
def test_a_reply_of_html_alone(path: Path) -> None:
    """Where a client sends no plain text, the page alone says what is new."""
    part = _sections(path)
    page = part["html"]

    fresh = fresh_text(html_text(page), page, author_name=part.get("author", "").strip())

    assert " ".join(fresh.split()) == " ".join(part["fresh"].split())


GMAIL = (
    '<div dir="ltr">{top}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{head}<br>'
    "</div>{body}</div>"
)
CITE = '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)">{}</blockquote>'
HEAD = 'On Tue, Nov 24, 2026 at 9:12 AM GM Office &lt;<a href="mailto:gm@corp.example">gm@corp.example</a>&gt; wrote:'
OUTLOOK = (
    '<div class="elementToProof">{top}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
    '<div id="divRplyFwdMsg" dir="ltr"><b>From:</b> GM &lt;gm@corp.example&gt;<br><b>Sent:</b> Tuesday, November 24, 2026 9:12'
    "<br><b>To:</b> Helen<br><b>Subject:</b> please answer</div><div>{body}</div>"
)
ASKED = ("<div>1. What is the order number?</div>", "<div>2. When did it arrive?</div>")
ANSWERED = ("SF1234567890", "It never arrived.")
BETWEEN = "".join(CITE.format(ask) + f"<div>{answer}</div>" for ask, answer in zip(ASKED, ANSWERED, strict=True))
TYPED = "".join(f'{ask}<div class="elementToProof" style="color:red">{answer}</div>'
                for ask, answer in zip(ASKED, ANSWERED, strict=True))  # fmt: skip
INLINE = {
    "gmail": GMAIL.format(top="", head=HEAD, body=BETWEEN),
    "gmail-quotation-last": GMAIL.format(top="", head=HEAD, body=BETWEEN + CITE.format("Best regards, GM Office")),
    "outlook-web": OUTLOOK.format(top="<br>", body=TYPED),
    "outlook-web-announced": OUTLOOK.format(top="My answers are below in red.", body=TYPED),
    "apple": "<body>"
    + "".join(f'<blockquote type="cite"><div>{ask}</div></blockquote><div><br></div>{answer}<br><div><br></div>'
              for ask, answer in zip(ASKED, ANSWERED, strict=True)) + "</body>",
    "apple-iphone": '<div dir="ltr"><br></div><div dir="ltr"><br><blockquote type="cite">On 24 Nov 2026, at 09:12, GM Office '
    f'&lt;gm@corp.example&gt; wrote:<br><br>{ASKED[0]}</blockquote><div>{ANSWERED[0]}</div><blockquote type="cite">{ASKED[1]}'
    f"</blockquote><div>{ANSWERED[1]}</div></div>",
}  # fmt: skip
"""Pages of replies whose answers stand between what they answer."""
HISTORY = {
    "gmail-forward": (GMAIL.format(top="转物流部", head="---------- Forwarded message ---------<br>From: GM",
                                   body=f"Dear all,{BETWEEN}"), "转物流部"),
    "gmail-forward-quoting": (GMAIL.format(top="转物流部", head="---------- 转发的邮件 ---------", body=BETWEEN), "转物流部"),
    "gmail-nested": (GMAIL.format(top="收到", head=HEAD, body=CITE.format(GMAIL.format(top="转质量部", head=HEAD, body=BETWEEN))),
                     "收到"),
    "outlook-web-order": (OUTLOOK.format(top="转物流部", body=TYPED), "转物流部"),
    "outlook-web-older": (OUTLOOK.format(top="<br>", body=TYPED.replace("elementToProof", "x_elementToProof")), ""),
}  # fmt: skip
"""Pages whose history only looks as if answers stood in it, and what is new in them."""


@pytest.mark.parametrize("page", INLINE.values(), ids=INLINE)
def test_answers_between_quotations_of_a_page_alone(page: str) -> None:
    """Where a client sends no plain text, what was answered between quoted lines is still what is new."""
    fresh = fresh_text(html_text(page), page)

    assert [line for line in fresh.splitlines() if line.strip()][-2:] == list(ANSWERED)
    assert "order number" not in fresh


@pytest.mark.parametrize(("page", "new"), HISTORY.values(), ids=HISTORY)
def test_history_is_no_answer(page: str, new: str) -> None:
    """A forwarded mail, an older answer further down, and what stands under an order of today stay history."""
    assert fresh_text(html_text(page), page) == new


def test_a_page_of_a_hundred_thousand_quotations_is_read() -> None:
    """Each element costs a bounded number of steps, however many quotations lie in each other."""
    page = '<div class="gmail_quote"><blockquote>a</blockquote>b' * 100_000

    assert len(marked_text(page)[0]) < len(page)


def test_empty() -> None:
    """A mail without text has nothing new."""
    assert fresh_text("") == ""
    assert fresh_text(" \n\t\n", "<p> </p>") == ""


def test_fresh_text_is_stable() -> None:
    """What is new stays new when it is read again."""
    for path in FILES:
        once = _sections(path)["fresh"].strip("\n")
        assert fresh_text(once) == once, path.stem


def test_office_adds_a_banner() -> None:
    """A clerk's own banner line counts beside the shipped ones."""
    text = "== checked by ACME gate ==\n\nWhere is my parcel?"

    assert fresh_text(text, banners=(*BANNERS, r"== checked by \w+ gate ==")) == "Where is my parcel?"
    assert fresh_text(text) == text


def test_banners_file_agrees() -> None:
    """`rules/common/banners.yaml` ships what the parser has built in."""
    shipped = yaml.safe_load((ROOT / "rules" / "common" / "banners.yaml").read_text("utf-8"))

    assert (tuple(shipped["banners"]), tuple(shipped["tags"])) == MARKS


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("[EXTERNAL] Broken on arrival", "Broken on arrival"),
        ("【外部邮件】炸锅到货就是坏的", "炸锅到货就是坏的"),
        ("[GM-2026-000142] 请承办", "[GM-2026-000142] 请承办"),
        ("外部审核安排", "外部审核安排"),
        ("Re: [EXTERNAL] Re: Broken", "Re: Re: Broken"),
        ("[SPAM?] 投诉", "投诉"),
        ("{Spam?} [EXT] 投诉", "投诉"),
        ("***SPAM*** 投诉", "投诉"),
        ("[订单 88231] 投诉", "[订单 88231] 投诉"),
    ],
)
def test_subject_tags(subject: str, plain: str) -> None:
    """A gateway's tag is taken off a subject; a case number and a person's words stay."""
    assert without_tags(subject) == plain


@pytest.mark.parametrize(
    "page",
    [
        "<" * 5000,
        "<a " * 3000,
        "<!--" * 3000,
        "<div>" * 5000,
        "</p>" * 5000,
        "&" * 5000,
        "<p title='a>b'>x",
        "a<b and c>d",
    ],
    ids=["angles", "open-tags", "comments", "divs", "closings", "ampersands", "quoted-angle", "formula"],
)
def test_damaged_page(page: str) -> None:
    """A damaged page is read without an error, and does not hide the text beside it."""
    marked_text(page)

    assert fresh_text("My text.", page) == "My text."


@pytest.mark.parametrize(
    "text",
    [
        "On " * 3000,
        "\n" * 20_000,
        ">" * 100_000,
        "在 2025 写道：\n" * 3000,
        "From: a\nTo: b\n" * 3000,
        "-- \n" * 5000,
        "_" * 100_000,
    ],
    ids=["on", "newlines", "marks", "wrote", "labels", "delimiters", "underscores"],
)
def test_hostile_text(text: str) -> None:
    """Texts made to be slow or strange give a result that is no longer than they are."""
    assert len(fresh_text(text)) <= len(text)


def test_only_the_beginning_is_read() -> None:
    """Of a text beyond all bounds the beginning is read."""
    assert fresh_text("a line of text\n" * (2 * MAX_LINES)).count("\n") == MAX_LINES - 1


WORDS = "订单 88231 一直没有发货，请尽快处理。"


@pytest.mark.parametrize("banner", [
    "[EXTERNAL]\n\n",
    "外部邮件，请谨慎识别发件人身份，勿随意点击链接、附件。\n\n",
    "【外部邮件提醒】以下邮件来自外部，请谨慎识别，不要轻易点击链接或附件。\n",
    "*外部邮件，请注意信息安全，谨慎点击链接与附件\n",
    "此邮件来自企业外部，请注意信息安全\n\n",
    "注意：该邮件来自外部邮箱 zhao.lei@mail-a.example，请谨慎处理邮件内容。\n",
    "安全提醒：发件人 zhao.lei@mail-a.example 不在您的通讯录中，请谨慎点击链接或下载附件。\n\n",
    "风险提示：该发件人为首次向您发信，请注意核实身份。\n",
    "ZjQcmQRYFpfptBannerStart\nThis Message Is From an External Sender\nThis message came from outside your organization.\nZjQcmQRYFpfptBannerEnd\n",
    "This Message Is From an Untrusted Sender\nYou have not previously corresponded with this sender.\nReport Suspicious\n\n",
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.\n\n",
    "*** CAUTION - EXTERNAL EMAIL ***\nDo not click on links unless you know the content is safe.\n________________________________\n",
    "You don't often get email from zhao.lei@mail-a.example. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>\n\n",
    "你通常不会收到来自 zhao.lei@mail-a.example 的电子邮件。了解这一点为什么很重要<https://aka.ms/LearnAboutSenderIdentification>\n",
    "一些收到此邮件的人通常不会收到来自 a@b.example 的电子邮件。了解为什么这很重要\n\n",
    'WARNING: The sender of this email could not be validated and may not match the person in the "From" field.\n\n',
    "This email has been sent from outside of your organisation. Please be careful with links.\n\n",
    "警告\n本邮件由公司外部发送，请勿点击可疑链接\n--------\n",
])  # fmt: skip
def test_gateways_banners(banner: str) -> None:
    """What a gateway of any make puts above a text is not the author's."""
    assert fresh_text(banner + WORDS) == WORDS


@pytest.mark.parametrize("page", [
    '<table><tr><td style="background:#ffeb9c">CAUTION:</td><td>This email originated from outside of the organization. Do not click links.</td></tr></table><div>{words}</div>',
    "<table><tr><td><b>外部邮件</b></td></tr><tr><td>请谨慎点击链接和附件，如有疑问请联系信息部。</td></tr></table><p>{words}</p>",
    '<div style="background-color:#FFEB9C"><span style="color:#9C6500">CAUTION:</span> This email originated from outside your organization. Exercise caution when opening attachments or clicking links.</div><br><p>{words}</p>',
    '<div><div style="display:none">ZjQcmQRYFpfptBannerStart</div><table><tr><td><span>This Message Is From an External Sender</span></td></tr><tr><td>This message came from outside your organization.</td></tr></table><div style="display:none">ZjQcmQRYFpfptBannerEnd</div></div><div>{words}</div>',
])  # fmt: skip
def test_gateways_banners_in_html(page: str) -> None:
    """The same in a table or a box above an HTML text."""
    assert fresh_text(html_text(page.replace("{words}", WORDS))) == WORDS


@pytest.mark.parametrize("text", [
    "注意：外部邮箱发来的邮件一直收不到，请信息部处理。",
    "警告：设备过热，请停机检查附件里的清单。",
    "External sender problem: our mails to you bounce, please check.",
    "这封邮件来自外部客户王先生，他投诉送货慢。",
])  # fmt: skip
def test_words_about_outside_mails_are_no_banner(text: str) -> None:
    """A person who writes of outside mails, or begins with a warning, is heard."""
    assert fresh_text(text) == text
