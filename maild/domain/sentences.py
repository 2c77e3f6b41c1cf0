"""The fresh text of a reply, cut into the pieces that may be commands (casework 5).

A sentence ends at 。！？；, at a line end and at an English full stop; a piece also begins at a ， where a command may
begin. All places are places in the original text, because folding never changes a length.
"""

import re
from collections.abc import Callable, Iterator

from maild.domain.script import fold
from maild.domain.value import value

LONGEST = 1_000
"""Of a piece, as it is looked at: what is longer is text."""
_MOST_COMMAS = 40
_END = re.compile(
    r"[。!?;…\n]|(?<!\bmr)(?<!\bms)(?<!\bdr)(?<!\bmrs)(?<!\bno)(?<!\bst)(?<!\bdept)(?<![.])\.(?=[\s。]|$)"
)
_CUT = re.compile(
    r",| -{1,2} |(?<=[\u4e00-\u9fff]) (?=(?:取消)?抄送|加急|特急|备注|会办|协办)"
    r"|(?<![,\s])[并且](?=(?:同时)?(?:抄送|加急|纳入|列入|请[^,。]{1,8}(?:配合|协办|会办)))|、(?=(?:取消)?抄送|加急|备注)"
    r"|(?<=牵头|主办|负责|承办)、(?=[\u4e00-\u9fff]{2,10}(?:配合|协办|会办|协助))|(?<=收到)(?: +(?=请?转)|请(?=转))"
)
"""Where a command may begin within a sentence."""
_FILLERS = re.compile(r"嗯+|呃+|(?<![^\s,。])(?:那个|就是说?|然后呢?)(?=[\s,])")
"""What people say while they think, as dictation writes it down; 那个 and the like where they stand alone."""
_NUMBER_LINE = re.compile(r"^([ ]*(?:[a-z]{1,9}-\d{4}-\d{3,9}|\d{3,6})[ :]*)\n", re.MULTILINE)
_SPACES = re.compile(r" *")
_MARK = re.compile(r"[ \t]*(?:(?:\d{1,2}|[一二三四五])[、)）]|\d{1,2}\.(?!\d)|[-*•·●]\s|[①-⑨])[ \t]*")
_QUOTED = re.compile(
    r"^[ ]*(?:>|-{2,}\s*(?:original|forwarded|原始|邮件原件|转发|回复)|_{8,}\s*$|-{10,}\s*$|-- ?$|发自我的|来自我的"
    r"|从我的"
    r"|来自.{0,12}邮箱|sent from my|get outlook for"
    r"|(?:发件人|寄件者|from)\s*:.{0,200}\n(?:[^\n]{0,200}\n){0,3}?\s*(?:发送时间|日\s*期|时间|寄件日期|收件人|sent"
    r"|date|to|主题|subject)\s*:"
    r"|在.{4,60}写道:|.{0,80}于.{4,40}写道:|on .{6,90} wrote:)",
    re.MULTILINE,
)


@value
class Page:
    """The text and its folded twin; a quoted rest is cut off both."""

    text: str
    plain: str


@value
class Piece:
    """A stretch of a sentence that may be a command."""

    start: int
    end: int
    sentence_end: int
    """Where the whole sentence ends, its mark left out."""
    mark: str
    """The character that ended the sentence."""
    before: str = ""
    """What stands in the same sentence before this piece, folded; also a line that announces words: 他说："""
    first: bool = True
    """Begins its sentence."""


def read_page(text: str, *, of_list: bool = False) -> Page:
    """Fold the text, blank its fillers, and leave out what is a quotation although it came with the fresh text.

    In answer to a list a line that holds a case's number alone belongs to the line below it.
    """
    plain = _FILLERS.sub(lambda filler: " " * len(filler.group()), fold_lines(text))
    plain = _NUMBER_LINE.sub(r"\1 ", plain) if of_list else plain
    cut = _QUOTED.search(plain)
    end = cut.start() if cut else len(text)
    return Page(text=text[:end], plain=plain[:end])


def fold_lines(text: str) -> str:
    """Folded line by line, so that every line end stays one."""
    return "\n".join(fold(line) for line in text.split("\n"))


def pieces(page: Page, at: int, begins: Callable[[int, int], bool]) -> Iterator[Piece]:
    """The pieces from `at` on; `begins(start, end)` says whether a command may begin behind a ，."""
    announced = ""
    while at < len(page.plain):
        begin = _begin(page.plain, at, len(page.plain))
        found = _END.search(page.plain, begin)
        end = found.start() if found else len(page.plain)
        start = min(begin, end)
        if start < end:
            yield from _of_sentence(page, (start, end, found.group() if found else ""), announced, begins)
            announced = page.plain[max(start, end - 30) : end] if page.plain[:end].rstrip().endswith(":") else ""
        at = found.end() if found else len(page.plain)


def _begin(plain: str, at: int, end: int) -> int:
    """Past spaces and a list mark."""
    mark = _MARK.match(plain, at, end)
    start = mark.end() if mark else at
    while start < end and plain[start] in " ,、。.~":
        start += 1
    return start


def _of_sentence(
    page: Page, place: tuple[int, int, str], announced: str, begins: Callable[[int, int], bool]
) -> Iterator[Piece]:
    start, end, mark = place
    cuts = [start]
    at = start
    for _ in range(_MOST_COMMAS):
        mark_found = _CUT.search(page.plain, at, min(end, start + LONGEST))
        if mark_found is None:
            break
        at = mark_found.end()
        word = _SPACES.match(page.plain, at, end)
        if word and begins(word.end(), end):
            cuts.append(word.end())
    for number, cut in enumerate(cuts):
        until = _until(page.plain, cut, cuts[number + 1]) if number + 1 < len(cuts) else end
        before = announced + page.plain[start : max(start, _until(page.plain, start, cut))]
        yield Piece(start=cut, end=until, sentence_end=end, mark=mark, before=before, first=cut == start)


def _until(plain: str, start: int, cut: int) -> int:
    """Where the words before a cut end, its mark left out; `start` where there are none."""
    return max(start, start + len(plain[start:cut].rstrip(" ,-并且、")))
