"""Bytes into text, whatever the label says.

GB 2312, GBK and GB 18030 are one family whose members label each other's text: each is read by the next larger one.
A label is believed when its bytes fit it and no better reading stands against it; every repair is named in
`Decoded.defects`. Text leaves here without NUL and without lone surrogates, so that it can be stored and printed.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from maild.mail.iso2022cn import decode_iso2022cn
from maild.mail.plausible import foreign, mostly_cjk, score

_FAMILIES: dict[str, tuple[str, ...]] = {
    "gb2312": ("gb2312", "gbk", "gb18030"),
    "gbk": ("gbk", "gb18030"),
    "gb18030": ("gb18030",),
    "big5": ("big5", "cp950", "big5hkscs"),
    "big5hkscs": ("big5hkscs", "cp950"),
    "shift_jis": ("shift_jis", "cp932", "shift_jis_2004"),
    "euc_jp": ("euc_jp", "euc_jis_2004"),
    "euc_kr": ("euc_kr", "cp949"),
    "iso2022_jp": ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004"),
    "iso2022_kr": ("iso2022_kr",),
    "hz": ("hz",),
    "iso8859-1": ("iso8859-1", "cp1252"),
    "iso8859-9": ("iso8859-9", "cp1254"),
    "ascii": ("ascii",),
    "tis-620": ("tis-620", "cp874"),
}
_ALIASES = {
    **dict.fromkeys(("gb_2312-80", "gb2312-80", "csgb2312", "euc-cn", "x-euc-cn", "gb_2312", "gb-2312"), "gb2312"),
    **dict.fromkeys(("x-gbk", "cp936", "ms936", "windows-936", "csgbk", "chinese", "gb"), "gbk"),
    **dict.fromkeys(("gb-18030", "gb18030-2000", "gb18030-2005", "gb18030-2022"), "gb18030"),
    **dict.fromkeys(("big-5", "big5-tw", "csbig5", "x-x-big5", "x-big5", "cn-big5", "big5-eten"), "big5"),
    **dict.fromkeys(("big5-hkscs", "x-big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("hz-gb-2312", "hz-gb2312", "hzgb2312"), "hz"),
    **dict.fromkeys(("x-sjis", "shift-jis", "sjis", "ms_kanji", "windows-31j", "cp932", "x-ms-cp932"), "shift_jis"),
    **dict.fromkeys(("x-euc-jp", "eucjp", "x-eucjp"), "euc_jp"),
    **dict.fromkeys(
        ("ks_c_5601-1987", "ks_c_5601", "ksc5601", "ks_c_5601-1989", "windows-949", "x-windows-949", "euckr", "korean"),
        "euc_kr",
    ),
    **dict.fromkeys(("utf8", "unicode-1-1-utf-8", "x-utf-8", "utf-8-sig", "utf_8", "utf8mb4", "x-utf8"), "utf-8"),
    **dict.fromkeys(("unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "utf7"), "utf-7"),
    **dict.fromkeys(("us-ascii", "ansi_x3.4-1968", "usascii", "x-ascii", "iso-ir-6", "ascii-7"), "ascii"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e", "iso8859-8-i"), "iso8859-8"),
    **dict.fromkeys(("iso-8859-1-windows-3.1-latin-1", "iso-8859-1:1987", "iso88591"), "iso8859-1"),
    "macintosh": "mac-roman", "x-mac-roman": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "unicode": "utf-16", "ansi": "cp1252", "iso-8859-11": "tis-620", "dos-874": "cp874", "windows-874": "cp874",
}  # fmt: skip
_UNDECLARED = frozenset({"", "unknown-8bit", "x-unknown", "unknown", "8bit", "binary", "default", "none"})
_STATEFUL = frozenset({"hz", "iso2022_jp", "iso2022_kr", "iso2022_cn", "utf-7"})
_CANDIDATES = ("gb18030", "big5", "cp932", "euc_jp", "euc_kr", "cp1252", "windows-1251", "koi8-r")
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_ONE_BYTE = re.compile(r"(iso8859-|cp125|windows-|cp437|cp850|mac-|koi8|tis-|cp874|cp8|ascii)")
_FLUENT = 0.85
"""The least score of text in a two-byte charset whose bytes do not come in pairs."""
_PREFERENCE = 0.12
"""How much better a reading must look when it is not the one that the label or the office suggests."""


class Decoded(NamedTuple):
    """Text, the codec that read it, and what had to be repaired."""

    text: str
    charset: str
    defects: tuple[str, ...] = ()


def codec_name(label: str | None) -> str | None:
    """The codec for a charset label, "" for one that says nothing, None for one that nobody knows."""
    words = (label or "").strip().strip("\"'").split("*")[0].split(maxsplit=1)
    name = words[0].lower().strip("\"'();,") if words else ""
    name = _ALIASES.get(name, name)
    if name in _UNDECLARED:
        return ""
    if name in _FAMILIES or name.startswith("iso-2022-cn"):
        return "iso2022_cn" if name.startswith("iso-2022-cn") else name
    return _looked_up(name)


def _looked_up(name: str) -> str | None:
    try:
        info = codecs.lookup(re.sub(r"^(?:cp-?|x-cp|windows-?)(?=\d)", "cp", name))
    except (LookupError, ValueError, UnicodeError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in {"idna", "punycode", "unicode_escape", "mbcs"}:
        return None
    return {"euc_jis_2004": "euc_jp", "iso8859-1": "iso8859-1"}.get(info.name, info.name)


def decode(data: bytes, declared: str | None = None, *, hint: str | None = None) -> Decoded:
    """Read `data` as declared where that can be; `hint` is tried first where nothing is declared."""
    codec = codec_name(declared)
    unknown = () if codec is not None else (f"unknown charset {_shown(declared)}",)
    found = _decode(data, codec or "", hint)
    return Decoded(storable(found.text), found.charset, unknown + found.defects)


def _decode(data: bytes, codec: str, hint: str | None) -> Decoded:
    if codec.startswith(("utf-16", "utf-32")):
        return _wide(data, codec)
    if data.isascii():
        return _seven_bit(data, codec)
    if data.startswith(codecs.BOM_UTF8):
        return _labelled(data.removeprefix(codecs.BOM_UTF8), "utf-8") or _guessed(data, "utf-8", None)
    if codec and codec != "ascii":
        return _labelled(data, codec) or _guessed(data, codec, hint)
    return _guessed(data, codec, hint)


def _shown(label: str | None) -> str:
    return storable((label or "").replace("\n", " "))[:60]


def storable(text: str) -> str:
    """Without NUL and lone surrogates, which neither a database nor UTF-8 can hold."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _wide(data: bytes, codec: str) -> Decoded:
    """UTF-16 and UTF-32; without a byte order mark the order is told by where the zero bytes stand (RFC 2781)."""
    if codec in {"utf-16", "utf-32"} and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if data and 0 not in data[:400]:
            return _mislabelled(data, codec)
        codec += "-le" if data[1:400:2].count(0) > data[0:400:2].count(0) else "-be"
    text = _strict(data, codec)
    if text is None:
        return Decoded(data.decode(codec, "replace"), codec, (_invalid(codec),))
    return Decoded(text.removeprefix("\ufeff"), codec)


def _mislabelled(data: bytes, codec: str) -> Decoded:
    found = _decode(data, "", None)
    if not data.isascii() and mostly_cjk(text := data.decode(f"{codec}-be", "replace")) and score(text) > 0.8:
        return Decoded(text, f"{codec}-be")
    return found._replace(defects=(_wrongly(codec, found.charset),))


def _seven_bit(data: bytes, codec: str) -> Decoded:
    """Plain ASCII, or one of the charsets that hide in it (RFC 1468, 1557, 1843, 1922, 2152)."""
    hidden = codec if codec in _STATEFUL else _hidden(data, codec)
    if not hidden:
        return Decoded(data.decode("ascii"), "ascii")
    text = _stateful(data, hidden)
    if text is None:
        return Decoded(data.decode(_python(hidden), "replace"), hidden, (_invalid(hidden),))
    return Decoded(text, hidden, () if hidden == codec else (_wrongly(codec, hidden),))


def _python(codec: str) -> str:
    return "gb2312" if codec == "iso2022_cn" else codec


def _stateful(data: bytes, codec: str) -> str | None:
    if codec == "iso2022_cn":
        return decode_iso2022cn(data)
    return next((text for name in _FAMILIES.get(codec, (codec,)) if (text := _strict(data, name)) is not None), None)


def _hidden(data: bytes, codec: str) -> str:
    if b"\x1b$)C" in data:
        return "iso2022_kr"
    if b"\x1b$)A" in data or b"\x1b$)G" in data:
        return "iso2022_cn"
    if b"\x1b$" in data and _stateful(data, "iso2022_jp") is not None:
        return "iso2022_jp"
    if codec in {"", "ascii", "gb2312", "gbk", "gb18030"} and _HZ.search(data):
        text = _strict(data, "hz")
        return "hz" if text is not None and score(text) > 0.6 else ""
    return ""


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _labelled(data: bytes, codec: str) -> Decoded | None:
    """The text as its label says, or None where it does not fit or another reading is plainly better."""
    family = _FAMILIES.get(codec, (codec,))
    if codec == "iso2022_cn":
        return None
    if codec == "iso8859-1" and re.search(rb"[\x80-\x9f]", data):
        family = ("cp1252",)
    for name in family:
        if (text := _strict(data, name)) is not None:
            if codec != "utf-8" and _contradicted(data, text, codec):
                return None
            return Decoded(text, name, () if name == codec else (_outside(codec, name),))
    return None


def _contradicted(data: bytes, text: str, codec: str) -> bool:
    """Whether bytes that fit their label are another charset all the same."""
    utf8 = _strict(data, "utf-8")
    if utf8 is not None:
        return score(utf8) > score(text)
    if not _ONE_BYTE.match(codec):
        return len(foreign(text)) > 5 and score(text) < 0.5 and _best(data, codec)[1] > score(text) + 0.3
    return _paired(data) and _best(data, codec)[1] > max(0.8, score(text) + 0.1)


def _paired(data: bytes) -> bool:
    """Bytes above 0x7F mostly stand beside each other: what two-byte charsets look like."""
    runs = re.findall(rb"[\x80-\xff]{2,}", data[:16384])
    return 3 * sum(map(len, runs)) > 2 * sum(1 for byte in data[:16384] if byte > 0x7F)


def _guessed(data: bytes, codec: str, hint: str | None) -> Decoded:
    """The best reading of bytes whose label is missing or wrong."""
    utf8 = _strict(data, "utf-8")
    if utf8 is not None and (codec != "utf-8"):
        return Decoded(utf8, "utf-8", (_wrongly(codec, "utf-8"),))
    if not codec and (hinted := codec_name(hint)) and hinted != "ascii" and (found := _labelled(data, hinted)):
        return found._replace(defects=(_wrongly(codec, found.charset),))
    name, best = _best(data, codec)
    patched, patched_name = _patched(data, codec)
    if name is None or score(patched) > best:
        return Decoded(patched, patched_name, (_invalid(codec or patched_name),))
    return Decoded(data.decode(name, "replace"), name, (_wrongly(codec, name),))


def _best(data: bytes, codec: str) -> tuple[str | None, float]:
    """The most plausible charset that fits every byte; an earlier candidate yields only to a plainly better one."""
    found: tuple[str | None, float] = (None, -9.0)
    for name, text in _readings(data, codec):
        value = score(text)
        if value > found[1] + (_PREFERENCE + 0.3 / max(1, len(foreign(text))) if found[0] else 0):
            found = (name, value)
    return found


def _readings(data: bytes, codec: str) -> Iterator[tuple[str, str]]:
    paired = _paired(data)
    for name in _CANDIDATES:
        text = _strict(data, name) if name != codec else None
        if text is not None and (_ONE_BYTE.match(name) or paired or score(text) > _FLUENT):
            yield name, text


def _patched(data: bytes, codec: str) -> tuple[str, str]:
    """The text with replacement characters where bytes are broken, in the label's charset or the likeliest one."""
    label = _FAMILIES.get(codec, (codec,))[-1] if codec not in {"", "ascii", "iso2022_cn"} else "utf-8"
    texts = [(data.decode(name, "replace"), name) for name in (label, "utf-8", "gb18030")]
    return max(texts, key=lambda pair: score(pair[0]) + (_PREFERENCE if pair[1] == label else 0))


def _invalid(codec: str) -> str:
    return f"bytes not valid in {codec}"


def _outside(codec: str, name: str) -> str:
    return f"characters outside {codec}, read as {name}"


def _wrongly(codec: str, name: str) -> str:
    return f"declared {codec}, read as {name}" if codec else f"no charset declared, read as {name}"
