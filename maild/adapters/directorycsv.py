"""A list of people as other systems export it: CSV with Chinese or English column names, whatever its coding and sign.

Every fault is told with line and column and how to mend it, all of them together.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from maild.adapters.directorycheck import ADDRESS
from maild.adapters.yamlmend import did_you_mean
from maild.domain.spelling import fold_address
from maild.domain.value import value
from maild.errors import Misconfigured

COLUMNS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "name": ("姓名", "name", ("名字", "员工姓名", "full name")),
    "address": (
        "邮箱",
        "address",
        ("电子邮箱", "邮箱地址", "企业邮箱", "email", "e-mail", "mail", "mailbox"),
    ),
    "unit": ("部门", "unit", ("所属部门", "单位", "部门名称", "department", "dept")),
    "title": ("职务", "title", ("岗位", "职位", "post", "position")),
    "roles": ("角色", "roles", ("role",)),
    "nicknames": ("称呼", "nicknames", ("别名", "昵称", "nickname")),
    "language": ("语言", "language", ()),
    "delegate": ("代理人", "delegate", ("代理", "stand-in")),
    "assistants": ("助理", "assistants", ("助手", "assistant")),
    "leads": ("负责人", "leads", ("是否负责人", "部门负责人", "head")),
    "parent": ("上级部门", "parent", ("上级单位", "parent unit")),
    "signed": ("签名", "signed", ()),
    "custodian": ("保管员", "custodian", ("邮箱管理员",)),
}
"""By key: the Chinese and the English name of its column, and others that are understood."""
_LEFT_OUT = frozenset(
    {"工号", "员工编号", "员工号", "employee number", "employee id", "no", "id", "序号", "上级", "直接上级", "汇报对象",
     "superior", "manager", "手机", "电话", "手机号", "phone", "mobile", "性别", "入职日期", "备注"}
)  # fmt: skip
"""What such lists hold and the directory has no place for."""
_SIGNS = ",;\t，"
_MANY = re.compile(r"[;；、|\n]+|,\s*|，")
_YES = frozenset({"是", "y", "yes", "true", "1", "√", "负责人", "head", "正职"})
_NO = frozenset({"", "否", "n", "no", "false", "0"})
_DEPUTY = frozenset({"副职", "副", "deputy"})
_LISTS = frozenset({"address", "roles", "nicknames", "assistants"})


@value
class Row:
    """One person of the list; `cells` holds what its columns say, by key."""

    line: int
    cells: Mapping[str, str | bool | tuple[str, ...]]
    places: Mapping[str, int]
    """The column of each key, counted from 1."""

    def words(self, key: str) -> tuple[str, ...]:
        """The values of a cell that may hold several."""
        found = self.cells.get(key, ())
        return found if isinstance(found, tuple) else (str(found),) if found else ()

    def text(self, key: str) -> str:
        """The value of a cell."""
        found = self.cells.get(key, "")
        return found if isinstance(found, str) else ""


@value
class PeopleList:
    """What a list of people says."""

    path: Path
    rows: tuple[Row, ...]
    left_out: tuple[str, ...] = ()
    """Names of columns that the directory has no place for."""

    def fault(self, row: Row, key: str, sentence: str) -> str:
        """A fault of one cell, with its place."""
        return f"{self.path}:{row.line}:{row.places.get(key, 1)}: {sentence}"


def read_people(path: Path) -> PeopleList:
    """The list in this file; `Misconfigured` with every fault, one a line, each with line, column and mend."""
    text = _decoded(path)
    head = next((line for line in text.splitlines() if line.strip()), "")
    sign = max(_SIGNS, key=head.count)
    records = list(_records(text, sign))
    if not records:
        raise Misconfigured(f"{path}: is empty; write a line of column names and a line for each person.")
    keys, left_out = _keys(path, records[0])
    rows = tuple(_row(line, cells, keys) for line, cells in records[1:])
    people = PeopleList(path=path, rows=rows, left_out=left_out)
    faults = [*_faults(people), *(fault for line, cells in records[1:] for fault in _extra(path, line, cells, keys))]
    if faults:
        raise Misconfigured("\n".join(faults))
    return people


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read ({error.strerror}); check the path and its rights.") from error
    wide = raw[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for codec in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    raise Misconfigured(f"{path}: is neither UTF-8 nor GB18030; save it as CSV UTF-8.")


def _records(text: str, sign: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line that it begins in; empty ones are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip().strip("\u3000") for cell in cells]
        line = reader.line_num + 1


def _keys(path: Path, head: tuple[int, Sequence[str]]) -> tuple[list[str], tuple[str, ...]]:
    line, names = head
    known = {word.lower(): key for key, (zh, en, more) in COLUMNS.items() for word in (zh, en, key, *more)}
    keys, left_out, faults = list[str](), list[str](), list[str]()
    for at, name in enumerate(names, 1):
        plain = re.sub(r"[\s*（(].*$", "", name.lower()) if name.lower() not in known else name.lower()
        key = known.get(plain, "")
        if key and key in keys:
            faults.append(f"{path}:{line}:{at}: the column '{name}' stands here a second time; take one of them out.")
        elif not key and name and name.lower() not in _LEFT_OUT:
            mend = did_you_mean(name, known) or " give it a known name or take it out."
            faults.append(f"{path}:{line}:{at}: the column '{name}' is not known;{mend}")
        elif not key and name:
            left_out.append(name)
        keys.append(key)
    faults += [
        f"{path}:{line}:1: the column '{COLUMNS[key][0]}' ({COLUMNS[key][1]}) is missing; add it."
        for key in ("name", "address") if key not in keys
    ]  # fmt: skip
    if faults:
        raise Misconfigured("\n".join(faults))
    return keys, tuple(left_out)


def _row(line: int, cells: Sequence[str], keys: Sequence[str]) -> Row:
    said = {key: cell for key, cell in zip(keys, cells, strict=False) if key}
    said |= {key: "" for key in keys[len(cells) :] if key}
    return Row(line=line, cells={key: _read(key, cell) for key, cell in said.items()},
               places={key: at for at, key in enumerate(keys, 1) if key})  # fmt: skip


def _read(key: str, cell: str) -> str | bool | tuple[str, ...]:
    if key in _LISTS:
        words = (word.strip() for word in _MANY.split(cell))
        return tuple(word.lower() if key == "address" else word for word in words if word)
    if key in {"signed", "custodian"} and cell.lower() in _YES | _NO:
        return cell.lower() in _YES
    if key == "leads":
        low = cell.lower()
        return "head" if low in _YES else "deputy" if low in _DEPUTY else "" if low in _NO else cell
    return cell


def _extra(path: Path, line: int, cells: Sequence[str], keys: Sequence[str]) -> Iterator[str]:
    if any(cells[len(keys) :]):
        yield (f"{path}:{line}:{len(keys) + 1}: this line has more cells than there are column names; "
               "put a cell that holds a comma in quotes.")  # fmt: skip


def _faults(people: PeopleList) -> Iterator[str]:
    first: dict[str, int] = {}
    for row in people.rows:
        if not row.text("name"):
            yield people.fault(row, "name", "the name is missing; add it.")
        if not row.words("address"):
            yield people.fault(row, "address", "the mail address is missing; add it, or take the line out.")
        for address in row.words("address"):
            if not ADDRESS.fullmatch(address):
                yield people.fault(row, "address", f"'{address}' is no mail address; write name@domain.")
            elif (before := first.setdefault(fold_address(address), row.line)) != row.line:
                yield people.fault(
                    row, "address", f"{address} stands in line {before} too; an address is one person's."
                )
        for key in ("signed", "custodian", "leads"):
            said = row.cells.get(key, "")
            if isinstance(said, str) and said not in {"", "head", "deputy"}:
                yes = "是 / yes, 副职 / deputy or nothing" if key == "leads" else "是 / yes or nothing"
                yield people.fault(row, key, f"'{said}' is not understood; write {yes}.")
