"""Files that a mail links to on a cloud service instead of attaching them (casework 2); never fetched.

What is told of a file is what stands in the mail around its link: a name, a size, the day the link ends.
"""

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from maild.domain.message import LinkedFile
from maild.mail.htmltext import tokens
from maild.mail.parts import clean_name

_SERVICES: tuple[tuple[str, str], ...] = (
    (r"(?:[\w-]+\.)?mail\.qq\.com|(?:[\w-]+\.)?exmail\.qq\.com|(?:[\w-]+\.)?ftn\.qq\.com", r"ftn"),
    (r"(?:mail|[\w-]+\.mail|fs|dashi)\.(?:163|126|yeah)\.(?:com|net)|mail\.(?:126\.com|yeah\.net)",
     r"large-?attachment|bigattach|/fs/display|/filehub|cloud-?attach"),
    (r"u\.163\.com|file\.qiye\.163\.com", r""),
    (r"(?:mail|qiye|[\w-]+\.mail|[\w-]+\.mxhichina)\.(?:aliyun\.)?com", r"attach|netdisk|/file|download"),
    (r"(?:[\w-]+\.)?(?:alipan|aliyundrive)\.com|(?:pan|yun)\.baidu\.com|cloud\.189\.cn|pan\.quark\.cn", r"/\w"),
    (r"share\.weiyun\.com|pan\.xunlei\.com|(?:[\w-]+\.)?(?:lanzou\w{0,2}|jianguoyun)\.com", r"/\w"),
    (r"drive\.weixin\.qq\.com|doc\.weixin\.qq\.com", r"/\w"),
    (r"1drv\.ms|onedrive\.live\.com|[\w-]+\.sharepoint\.(?:com|cn)", r"/\w"),
    (r"drive\.google\.com", r"/(?:file|open|drive|uc)"),
    (r"docs\.google\.com", r"/(?:document|spreadsheets|presentation)/"),
    (r"(?:www\.)?dropbox\.com", r"/(?:s|sh|scl|t|transfer)/"),
    (r"dl\.dropboxusercontent\.com|we\.tl|(?:[\w-]+\.)?wetransfer\.com|[\w-]+\.box\.com", r"/\w"),
    (r"www\.icloud\.com(?:\.cn)?", r"attachment|iclouddrive"),
    (r"[\w-]+\.(?:feishu\.cn|larksuite\.com)", r"/(?:file|drive)/"),
    (r"[\w.-]+", r"^/coremail/(?:common/)?(?:nf|nfdownload)|^/coremail/[^?]*\bnf\b|/cgi-bin/ftnExs_download"),
)  # fmt: skip
"""Host and what its path or query must hold, by what the services' own mails and share buttons write."""
_HOSTS = tuple((re.compile(host), re.compile(path, re.IGNORECASE)) for host, path in _SERVICES)
_URL = re.compile(r"https?://[^\s<>\"'，。；、）】》\x00]{4,2000}", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|([^\s>\"']{1,2000}))", re.IGNORECASE)
_ENDINGS = (
    "zip|rar|7z|tar|gz|tgz|iso|pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|txt|csv|rtf|odt|ods|jpe?g|png|gif|bmp|tiff?|heic|"
    "psd|ai|dwg|dxf|mp4|mov|avi|mkv|wmv|flv|m4v|3gp|mp3|m4a|wav|amr|aac|eml|msg|exe|apk|html?"
)
_NAME = re.compile(
    rf"[^\s/\\:*?\"<>|\x01：][^\n/\\:*?\"<>|\x01：]{{0,150}}?\.(?:{_ENDINGS})(?![A-Za-z0-9.])", re.IGNORECASE
)
_SIZE = re.compile(r"(?<![\w.])\d{1,6}(?:\.\d{1,3})?\s?(?:[KMGT]i?B?|字节|bytes)(?![A-Za-z])", re.IGNORECASE)
_DAY = (
    r"\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日(?:\s{0,2}\d{1,2}:\d\d(?::\d\d)?)?"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?"
    r"|(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? (?:\d{1,2},? )?\d{4}"
)
_UNTIL = re.compile(
    rf"({_DAY})\s{{0,2}}(?:到期|过期|失效|前有效|前下载|之前有效)"
    rf"|(?:有效期|到期|过期|失效|截止|expir\w{{1,6}}|valid until|available until)[^\n\d]{{0,20}}?({_DAY})",
    re.IGNORECASE,
)
_AROUND = 400
_MOST = 50
_LONGEST = 300_000
_MARK = "\x01"


class _Link(NamedTuple):
    url: str
    label: str
    start: int
    end: int


def linked_files(text: str, page: str) -> tuple[LinkedFile, ...]:
    """The files that the mail links to, in order, each once; from the HTML where there is some."""
    found: dict[str, LinkedFile] = {}
    for flat, links in ((_of_page(page[:_LONGEST]),) if page else ()) + (_of_text(text[:_LONGEST]),):
        known = [link for link in links if service(link.url)]
        for number, link in enumerate(islice(known, _MOST)):
            after = known[number + 1].start if number + 1 < len(known) else len(flat)
            before = known[number - 1].end if number else 0
            file = _told(link, flat[max(before, link.start - _AROUND) : link.start],
                         flat[link.end : min(after, link.end + _AROUND)])  # fmt: skip
            if link.url not in found or (file.name and not found[link.url].name):
                found[link.url] = file
    # One file often has two links: its name, and "download".
    return tuple({(one.host, one.name) if one.name else (url, ""): one for url, one in found.items()}.values())


def service(url: str) -> str:
    """The host of the cloud service that a link leads to; "" for every other link."""
    try:
        split = urlsplit(url)
        host = (split.hostname or "").lower()
    except ValueError:
        return ""
    rest = split.path + ("?" + split.query if split.query else "")
    known = any(where.fullmatch(host) and what.search(rest) for where, what in _HOSTS)
    return host if known and "unsubscribe" not in rest else ""


def _told(link: _Link, before: str, after: str) -> LinkedFile:
    names = [clean_name(one.strip(" -–•·\"'“”《》【】[]()（）")) for one in _NAME.findall(before)]
    label = _NAME.search(link.label)
    name = (clean_name(label[0]) if label else "") or (names[-1] if names else "") or _of_url(link.url)
    if not name and (found := _NAME.search(after)):
        name = clean_name(found[0])
    near = f"{before[before.rfind(name) :] if name and name in before else before[-150:]} {link.label}"
    size = _SIZE.search(near) or _SIZE.search(after[:150])
    until = _UNTIL.search(near) or _UNTIL.search(after[:200]) or _UNTIL.search(before)
    return LinkedFile(
        name=name, host=service(link.url), size=size[0].strip() if size else "",
        until=(until[1] or until[2]).strip() if until else "",
    )  # fmt: skip


def _of_url(url: str) -> str:
    """A file name at the end of the path, as Dropbox and SharePoint write it."""
    last = unquote(urlsplit(url).path.rpartition("/")[2])
    return clean_name(last) if _NAME.fullmatch(last) else ""


def _of_text(text: str) -> tuple[str, list[_Link]]:
    return text, [_Link(found[0], "", found.start(), found.end()) for found in _URL.finditer(text)]


def _of_page(page: str) -> tuple[str, list[_Link]]:
    """The page as running text and its links by their places in it."""
    pieces: list[str] = []
    links: list[_Link] = []
    size, opened, start = 0, "", 0
    for name, content in _running(page):
        if name == "a":
            href = _HREF.search(content)
            opened, start = html.unescape(next(filter(None, href.groups()), "")) if href else "", size
        elif name == "/a" and opened:
            links.append(
                _Link(opened.strip(), "".join(pieces)[start:size] if size - start < _AROUND else "", start, size)
            )
            opened = ""
        else:
            pieces.append(content)
            size += len(content)
            if size > _LONGEST or len(links) > 10 * _MOST:
                break
    return "".join(pieces), links


def _running(page: str) -> Iterator[tuple[str, str]]:
    silent = 0
    for name, content in tokens(page):
        if name in {"script", "style", "head", "/script", "/style", "/head"}:
            silent = max(0, silent + (-1 if name[0] == "/" else 1))
        elif name in {"a", "/a"}:
            yield name, content
        elif not name and not silent:
            yield "", html.unescape(content)
        elif name.strip("/") in {"br", "p", "div", "tr", "td", "li", "table"}:
            yield "", "\n"
