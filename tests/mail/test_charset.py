"""Bytes into text: the label is believed where it fits, and no further."""

import pytest

from maild.mail.charset import codec_name, decode
from maild.mail.words import decoded_words, header_text


@pytest.mark.parametrize(
    ("text", "written", "declared"),
    [
        ("朱镕基", "gbk", "gb2312"),
        ("a–b 测试", "gbk", "gb2312"),
        ("𠮷野贸易 陈䶮", "gb18030", "gbk"),
        ("堃", "gbk", "gb2312"),
        ("联通", "gbk", None),
        ("仓库", "gbk", None),
        ("物流部王强", "gbk", "x-gbk"),
        ("投诉：食堂卫生", "gbk", "us-ascii"),
        ("电话", "gbk", "iso-8859-1"),
        ("投诉食堂", "utf-8", "gb2312"),
        ("“hi”…", "utf-8", "gb2312"),
        ("naïve", "utf-8", "iso-8859-1"),
        ("投訴：食堂衛生太差", "big5", "gb2312"),
        ("測試主旨", "big5", "big5"),
        ("①②株式会社", "cp932", "shift_jis"),
        ("こんにちは世界", "shift_jis", None),
        ("こんにちは世界", "euc_jp", None),
        ("こんにちは世界", "iso2022_jp", "us-ascii"),
        ("안녕하세요 세계", "euc_kr", "ks_c_5601-1987"),
        ("안녕하세요", "euc_kr", None),
        ("Привет, как дела", "windows-1251", None),
        ("Ваше сообщение", "koi8-r", "us-ascii"),
        ("café au lait très bon", "latin-1", None),
        ("Müller Straße", "cp1252", "utf-8"),
        ("Größe – „quote“", "cp1252", "iso-8859-1"),
        ("ÅÄÖ", "latin-1", "iso-8859-1"),
        ("© 2010", "latin-1", None),
        ("你好世界，测试", "hz", None),
        ("你好 hello", "utf-7", "utf-7"),
        ("你好", "utf-16", "utf-16"),
        ("hello", "utf-16-be", "utf-16"),
        ("你好", "utf-8-sig", None),
    ],
)
def test_reading(text: str, written: str, declared: str | None) -> None:
    """What was written is read, whatever was declared."""
    assert decode(text.encode(written), declared).text == text


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "gbk", "big5", "iso-8859-1", "koi8-r", "hz", "utf-16"])
def test_damaged_bytes_never_fail(declared: str) -> None:
    """Bytes that fit nothing come out with replacement characters, and are named."""
    found = decode(b"\xff\xfe\x80\x81\xfa\xfb\x00\xff ok \xc3", declared)

    assert found.text
    assert "\0" not in found.text


@pytest.mark.parametrize("label", ["x-nobody-knows", "gb\0k", "a" * 500, "base64", "rot13"])
def test_unknown_label_is_named(label: str) -> None:
    """A charset name that nobody knows, or that is no charset, is a defect and no fault."""
    found = decode("投诉：食堂卫生".encode("gbk"), label)

    assert found.text == "投诉：食堂卫生"
    assert found.defects[0].startswith("unknown charset")


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ('"GB2312"', "gb2312"),
        ("x-gbk", "gbk"),
        ("UTF8", "utf-8"),
        ("cp-936", "gbk"),
        ("", ""),
        (None, ""),
        ("nope", None),
    ],
)
def test_label_names(label: str | None, codec: str | None) -> None:
    """Labels are known by their many names."""
    assert codec_name(label) in {codec, codec and codec.replace("gbk", "gb2312")}


def test_cut_text_keeps_its_charset() -> None:
    """A character cut off at the end spoils itself alone."""
    whole = "正文很长，客户投诉仓库发货晚了三天。"

    assert decode(whole.encode()[:-1], "utf-8").text == whole[:-1] + "\ufffd"
    assert decode(whole.encode("gbk")[:-1], "gb2312").text == whole[:-1] + "\ufffd"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?gb2312?B?zfXHvw?=", "王强"),
        ("=?utf-8?q?a_b?= =?utf-8?q?c?= d", "a bc d"),
        ("x =?utf-8?B?5oqV6K+J?= y", "x 投诉 y"),
        ("=?utf-8?B?5oqV6K+J", "投诉"),
        ("=?UTF-8?B?5oqV6K?= =?UTF-8?B?+J?=", "投诉"),
        ("=?utf-8?Q?a b?=", "a b"),
        ("=?utf-8*zh?Q?=E6=8A=95?=", "投"),
        ("=?utf-8?B?5oqV6K+J?==?utf-8?B?5oqV6K+J?=", "投诉投诉"),
        ("no words =? here ?=", "no words =? here ?="),
        ("=?utf-8?B?" + "!" * 40 + "?=", ""),
    ],
)
def test_encoded_words(value: str, expected: str) -> None:
    """Encoded-words are read however they were cut, quoted or left open."""
    assert decoded_words(value)[0] == expected


def test_raw_header_takes_the_mails_own_charset() -> None:
    """A raw header that could be two things is read as the body's charset."""
    raw = "測試".encode("big5")

    assert header_text(raw, "big5")[0] == "測試"
