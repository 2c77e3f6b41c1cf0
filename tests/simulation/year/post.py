"""Mails as bytes, quickly: new letters, and answers as the clients of their writers make them."""

from base64 import b64encode
from datetime import datetime
from email.header import decode_header, make_header

from tests.simulation.year.almanac import local
from tests.simulation.year.letters import Draft
from tests.simulation.year.office import Arrived

GM = "gm@corp.example"


def letter(draft: Draft, at: datetime) -> bytes:
    """A new letter."""
    return _mail(
        draft.subject, draft.text, sender=draft.sender, name=draft.name, at=at, mark=draft.token, charset=draft.charset
    )


def answer(to: Arrived, words: str, at: datetime, mark: str, *, sender: str = "", machine: bool = False) -> bytes:
    """An answer to a letter of ours, above the quoted letter."""
    head = to.head
    subject = str(make_header(decode_header(str(head["Subject"]).replace("\r\n", ""))))
    quoted = "\n".join(f"> {line}" for line in to.text.splitlines()[:8])
    text = f"{words}\n\n\n------------------ 原始邮件 ------------------\n发件人: {GM}\n发送时间: {local(to.at):%Y年%m月%d日 %H:%M}\n收件人: {to.to}\n主题: {subject}\n\n{quoted}"
    extra = f"In-Reply-To: {head['Message-ID']}\r\nReferences: {head['Message-ID']}\r\n"
    if machine:
        text, extra = words, f"{extra}Auto-Submitted: auto-replied\r\n"
    return _mail(f"{'自动回复' if machine else '回复'}：{subject}", text, sender=sender or to.to, at=at, mark=mark,
                 to=str(head["Reply-To"] or head["From"]).replace("\r\n", ""), extra=extra)  # fmt: skip


def _mail(
    subject: str, text: str, *, sender: str, at: datetime, mark: str, name: str = "", to: str = GM, extra: str = "",
    charset: str = "utf-8",
) -> bytes:  # fmt: skip
    body = b64encode(text.replace("\n", "\r\n").encode(charset)).decode()
    lines = "\r\n".join(body[start : start + 76] for start in range(0, len(body), 76))
    author = f"{_word(name, charset)} <{sender}>" if name else sender
    head = (
        f"From: {author}\r\nTo: {to}\r\nSubject: {_word(subject, charset)}\r\n"
        f"Date: {local(at):%a, %d %b %Y %H:%M:%S +0800}\r\nMessage-ID: <{mark}@pc.example>\r\n{extra}MIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return (head + lines + "\r\n").encode()


def _word(text: str, charset: str) -> str:
    """A header text as encoded words of at most fifteen characters each."""
    if text.isascii():
        return text
    parts = (text[start : start + 15] for start in range(0, len(text), 15))
    return "\r\n ".join(f"=?{charset}?B?{b64encode(part.encode(charset)).decode()}?=" for part in parts)
