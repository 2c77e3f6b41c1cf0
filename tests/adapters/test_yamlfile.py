"""What a clerk gets wrong in YAML is told with file, line, column and mend, and never guessed at."""

import re
from dataclasses import field
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from maild.adapters.yamlfile import YamlFile
from maild.domain.value import value
from maild.errors import Misconfigured


@value
class Entry:
    """One entry of the sample file."""

    id: Annotated[str, Field(min_length=1)]
    name: str
    weight: float = 1.0
    words: tuple[str, ...] = ()
    level: Literal["low", "normal", "high"] = "normal"
    open: bool = True


@value
class Sample:
    """The sample file."""

    title: str = ""
    entries: tuple[Entry, ...] = ()
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Model(BaseModel):
    """A file checked by a model, as the directory is."""

    model_config = ConfigDict(extra="forbid")

    start: str = Field(alias="from")
    remark: str | None = None


def _mistake(text: str | bytes, tmp_path: Path, kind: type = Sample) -> str:
    """The sentence without the folder of the file."""
    path = tmp_path / "sample.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Misconfigured) as caught:
        YamlFile(path).read(kind)
    return caught.value.sentence.replace(f"{tmp_path}/", "")


ENTRY = "entries:\n  - id: one\n    name: 一\n"

FAULTS = [
    ("a tab", "entries:\n\t- id: one\n", "sample.yaml:2:1:", "tab.*spaces"),
    ("a tab between", "entries:\n  - id: one\n\t  name: x\n", "sample.yaml:3:1:", "tab.*spaces"),
    ("a full-width colon in a key", "title：总经理\nentries: []\n", "sample.yaml:1:6:", "full-width '：'.*':'"),
    ("a full-width colon in an entry", ENTRY + "    words：[a, b]\n", "sample.yaml:4:10:", "full-width '：'"),
    ("a full-width colon instead of a map", "entries:\n  - id：one\n", "sample.yaml:2:5:", "full-width '：'"),
    ("a full-width comma in a list", ENTRY + "    words: [投诉，举报]\n", "sample.yaml:4:13:", "full-width '，'"),
    ("a list with 、", ENTRY + "    words: [投诉、举报]\n", "sample.yaml:4:13:", "full-width '、'.*', '"),
    ("full-width brackets", ENTRY + "    words: 【投诉】\n", "sample.yaml:4:12:", "write a list"),
    ("full-width quotes", ENTRY + "    words: [“投诉”]\n", "sample.yaml:4:13:", "full-width '“'"),
    ("a full-width space", "entries:\n　- id: one\n", "sample.yaml:2:1:", "full-width space.*plain spaces"),
    ("a key twice", ENTRY + "    id: two\n", "sample.yaml:4:5:", "'id' stands here a second time"),
    ("12:30 unquoted", "title: 12:30\n", "sample.yaml:1:8:", "misread 12:30.*quotes"),
    ("on", ENTRY + "    open: on\n", "sample.yaml:4:11:", "misread on.*true / false"),
    ("no", ENTRY + "    words: [yes, no]\n", "sample.yaml:4:13:", "misread yes"),
    ("a misspelt key", "entries:\n  - id: one\n    nmae: 一\n", "sample.yaml:3:11:", "key 'nmae'; did you mean 'name'"),
    ("a misspelt optional key", ENTRY + "    wieght: 3\n", "sample.yaml:4:13:", "did you mean 'weight'"),
    ("a foreign key", ENTRY + "    zzz:\n      - a\n", "sample.yaml:4:5:", "unknown key 'zzz'; check its spelling"),
    ("a missing key", "entries:\n  - id: one\n", "sample.yaml:2:5:", "'name' is missing here; add it"),
    ("a number for text", "title: 2026\n", "sample.yaml:1:8:", "'title'.*quotes"),
    ("a number in Chinese", ENTRY + "    weight: 二\n", "sample.yaml:4:13:", "'weight'.*write the figure 2 for 二"),
    ("a full-width number", ENTRY + "    weight: ３\n", "sample.yaml:4:13:", "'weight'.*write the figure 3"),
    ("text for a number", ENTRY + "    weight: much\n", "sample.yaml:4:13:", "'weight'.*write a number"),
    ("text for a list", ENTRY + "    words: 投诉\n", "sample.yaml:4:12:", "'words'.*write a list"),
    ("a list for names", "lists: [a, b]\n", "sample.yaml:1:8:", "'lists'.*name: value"),
    ("a wrong choice", ENTRY + "    level: hihg\n", "sample.yaml:4:12:", "did you mean 'high'"),
    ("an empty word", "entries:\n  - id: ''\n    name: 一\n", "sample.yaml:2:9:", "'id'.*empty"),
    ("a list in the wrong place", "- a\n- b\n", "sample.yaml:1:1:", "name: value"),
    ("an open quotation mark", 'title: "总经理\nentries: []\n', "sample.yaml:1:8:", "quotation mark.*close it"),
    ("an open bracket", "lists:\n  a: [x, y\n  b: [z]\n", "sample.yaml:3:4:", "bracket is not closed"),
    ("an at sign", ENTRY + "    words: [@money]\n", "sample.yaml:4:13:", "@.*in quotes"),
    ("a star", ENTRY + "    words: [*all]\n", "sample.yaml:4:13:", r"\*.*in quotes"),
    ("a wrong indentation", "entries:\n  - id: one\n   name: 一\n", "sample.yaml:3:4:", "indented"),
    ("two colons", "title: 总经理: 信箱\n", "sample.yaml:1:11:", "second colon"),
    ("a missing colon", "title 总经理\nentries: []\n", "sample.yaml:2:8:", "indented|colon"),
    ("a control character", "title: a\x07b\n", "sample.yaml:1:9:", "control character"),
    ("a list that holds itself", "lists: &a\n  b: *a\n", "sample.yaml:1:8:", "refers to itself"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "mend"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_each_fault_is_named_with_line_column_and_mend(text: str, place: str, mend: str, tmp_path: Path) -> None:
    """A clerk's fault is told where it stands and how it is mended."""
    sentence = _mistake(text, tmp_path)

    assert sentence.startswith(place)
    assert re.search(mend, sentence)


def test_every_fault_is_one_sentence(tmp_path: Path) -> None:
    """No mistake spreads over several lines or shows the reader's own English."""
    for _, text, _, _ in FAULTS:
        sentence = _mistake(text, tmp_path)

        assert "\n" not in sentence
        assert sentence.endswith((".", "?"))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_codecs_of_an_office_are_read(codec: str, tmp_path: Path) -> None:
    """UTF-8 with or without BOM and GB18030 give the same words."""
    path = tmp_path / "sample.yaml"
    path.write_bytes("title: 总经理信箱，乛㐂\n".encode(codec))

    assert YamlFile(path).read(Sample).title == "总经理信箱，乛㐂"


def test_another_codec_is_named(tmp_path: Path) -> None:
    """A file saved as "Unicode" is refused with the codec to save it in."""
    sentence = _mistake("title: 总经理\n".encode("utf-16"), tmp_path)

    assert sentence == "sample.yaml: is neither UTF-8 nor GB18030; save it as UTF-8."


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file and a folder in its place are told with the path."""
    (tmp_path / "folder.yaml").mkdir()

    for name in ("missing.yaml", "folder.yaml"):
        with pytest.raises(Misconfigured, match=rf"{name}: cannot be read \(.+\); check the path"):
            YamlFile(tmp_path / name)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    """A file of comments alone is the same as none."""
    path = tmp_path / "sample.yaml"
    path.write_text("# nothing yet\n", "utf-8")

    assert Sample() == YamlFile(path).read(Sample)


def test_prose_may_hold_any_punctuation(tmp_path: Path) -> None:
    """Full-width marks in sentences, in quotes and in block lists are the clerk's own."""
    path = tmp_path / "sample.yaml"
    text = 'title: 投诉：三倍工资没发，“至今”\nlists:\n  a: ["甲，乙", 丙]\n  b:\n    - 您好，请问\n'
    path.write_text(text, "utf-8")

    sample = YamlFile(path).read(Sample)

    assert sample.title == "投诉：三倍工资没发，“至今”"
    assert sample.lists == {"a": ("甲，乙", "丙"), "b": ("您好，请问",)}


def test_models_name_their_keys_as_they_are_written(tmp_path: Path) -> None:
    """Where a key has another name in the file than in the program, the file's name is suggested."""
    sentence = _mistake("form: '20:00'\n", tmp_path, Model)

    assert sentence == "sample.yaml:1:7: unknown key 'form'; did you mean 'from'?"
