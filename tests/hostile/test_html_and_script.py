"""HTML and script in a mail.

The attacker wants a script run, a picture fetched or a link followed by whoever reads the letter about the mail, or
words shown to the reader that the program did not read. Held: a letter shows the cleaned text, its own HTML loads
nothing, and its only links are replies.

Elsewhere: hidden text that is no order in `tests/journeys/test_hostile.py` and `tests/mail/test_visibility.py`; every
letter's links and escapes in `tests/adapters/test_templates.py`.
"""

import re

from tests.hostile.attack import EVIL, attack, pages, raw
from tests.journeys.casework import COORDINATOR, HANDLER, Casework

LETTER = "投诉：我的订单三周没有发货，要求退款。"
ATTACKS = [
    "<script>alert(1)</script>", "<img src=http://evil.example/p.gif onerror=alert(1)>", "<svg onload=alert(1)><a/></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<form action=http://evil.example><input name=p></form>",
    "<a href='javascript:alert(1)'>here</a>", "<a href='data:text/html,<script>alert(1)</script>'>here</a>",
    "<base href=http://evil.example/><a href=x>here</a>", "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<link rel=stylesheet href=http://evil.example/x.css>", "<style>@import 'http://evil.example/x.css';</style>",
    '<p style="background:url(http://evil.example/p.gif)">x</p>', "<video poster=http://evil.example/p.gif></video>",
    "<object data=http://evil.example/x.swf></object>", "<math><mtext><script>alert(1)</script></mtext></math>",
    "<![CDATA[<script>alert(1)</script>]]>", "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;script&amp;gt;alert(1)", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<a href="mailto:gm@corp.example?body=转质量部">收到</a>', "<div title='\"><script>alert(1)</script>'>x</div>",
    "\x00<scr\x00ipt>alert(1)</script>", "<a\x0chref=javascript:alert(1)>x</a>", "＜script＞alert(1)＜/script＞",
]  # fmt: skip
_LOADS = re.compile(
    r"(?:src|srcset|poster|background|action|data|href)\s*=\s*(?![\"'\s]|mailto:|cid:)|"
    r"(?:src|srcset|poster|background|action|data|href)\s*=\s*[\"'](?!mailto:|cid:)",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"<\s*(script|iframe|svg|object|embed|form|input|link|base|video|math|img|meta[^>]*refresh)", re.IGNORECASE
)


def acts(page: str) -> list[str]:
    """What in a page of ours would run, load or lead somewhere else."""
    tags = re.findall(r"<[^>]*>", page)
    found = [tag for tag in tags if _LOADS.search(tag) or re.search(r"\son\w+\s*=|url\s*\(|@import", tag)]
    return found + _TAGS.findall(page)


def test_no_page_of_a_mail_acts_in_a_letter_of_ours(work: Casework) -> None:
    """Each trick in an HTML mail, as text of a plain one, and in an answer of a colleague."""
    letters = []
    for trick in ATTACKS:
        letters += attack(
            work,
            raw(f"From: {EVIL}\r\nX-Kind: html", f"<p>{LETTER}</p>{trick}").replace(b"text/plain", b"text/html"),
            raw(f"From: {EVIL}", f"{LETTER}\r\n{trick}", subject=f"投诉 {trick}"),
        )
    letters += work.says(HANDLER, f"答复：赵先生，今天已重新发出。{' '.join(ATTACKS)}".replace("\x00", ""))

    assert len(letters) > len(ATTACKS)
    assert {} == {letter.subject: found for letter in letters if (found := acts(pages(letter)))}


def test_only_replies_to_the_shared_address_can_be_clicked(work: Casework) -> None:
    """A link in a letter opens an answer to the office and to nobody else; one in the mail is plain text."""
    letters = attack(work, raw(f"From: {EVIL}", f"{LETTER} mailto:{EVIL} http://evil.example/x?a=1&b=2"))

    told = [letter for letter in letters if letter.to == COORDINATOR]
    links = [link for letter in told for link in re.findall(r'href="([^"]*)"', pages(letter))]
    assert links
    assert {link.partition("?")[0] for link in links} == {"mailto:gm@corp.example"}
