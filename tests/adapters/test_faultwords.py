"""What is told to be wrong is told in the reader's language, and no sentence of the program is forgotten."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.adapters.faultwords import fault_said, finding_said
from maild.adapters.finding import Finding
from maild.adapters.shipped import shipped
from maild.adapters.yamlfile import YamlFile

ROOT = Path(__file__).parents[2] / "maild"
READ_BY_CLERKS = [
    "adapters/alone",
    "adapters/archive",
    "adapters/bannerfile",
    "adapters/barchart",
    "adapters/brand",
    "adapters/bucket",
    "adapters/catalogue",
    "adapters/configcheck",
    "adapters/deadlinefile",
    "adapters/directoryfile",
    "adapters/engine",
    "adapters/examplefile",
    "adapters/formfile",
    "adapters/housecheck",
    "adapters/imap_connect",
    "adapters/imap_errors",
    "adapters/imapcheck",
    "adapters/learnedfile",
    "adapters/maskfile",
    "adapters/mailcheck",
    "adapters/notifycheck",
    "adapters/overlay",
    "adapters/packcheck",
    "adapters/packcross",
    "adapters/packfile",
    "adapters/providercheck",
    "adapters/retentionfile",
    "adapters/reportfile",
    "adapters/robots",
    "adapters/routefile",
    "adapters/rulebook",
    "adapters/rulelines",
    "adapters/secrets",
    "adapters/sentences",
    "adapters/smtp_connect",
    "adapters/smtpcheck",
    "adapters/storecheck",
    "adapters/templatecheck",
    "adapters/templates",
    "adapters/tomlfile",
    "adapters/workdays",
    "adapters/yamlfile",
    "adapters/yamlmend",
    "cli/doctor",
    "config",
    "domain/duration",
    "domain/period",
    "domain/recurrence",
    "domain/retention",
    "domain/span",
    "domain/term",
    "domain/week",
    "domain/worktime",
]
TELLING = frozenset({
    "Misconfigured", "Temporary", "Permanent", "ServerGone", "LoginRefused", "ProtocolTrouble", "mistake", "_at", "bad",
    "warn", "ok", "ValueError", "BadTerm", "LookupError", "_require", "_mistake",
})  # fmt: skip
TOLD = frozenset({"sentence", "text", "mend", "hint", "cost", "said", "message"})
"""Names under which a module keeps a sentence before it is told."""
FOREIGN = frozenset({
    "No such file or directory", "Permission denied", "Is a directory", "Connection refused",
    "{list} or '{last}'", "its group and everybody on this machine", "'{name}' is undefined", "'{object}' has no attribute '{name}'",
})  # fmt: skip
FILLED = "7"
PIECES = re.compile(r"\{\{?[a-z_]*\}?\}|[,;:{}]")
"""Between what stands in the program in one piece."""
WORD = re.compile(r"[A-Za-z]{2,}")


def _written(node: ast.expr) -> str:
    """The sentence that an expression makes, with a stand-in for what is filled in; "" for no sentence."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        pieces = [part.value if isinstance(part, ast.Constant) else FILLED for part in node.values]
        return re.sub(f";{FILLED}", f"; {FILLED}", "".join(map(str, pieces)))
    return ""


def _told(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            arguments = node.args[1:] if name in {"ok", "warn", "bad"} else node.args
            yield from (_written(one) for one in arguments if name in TELLING)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in TOLD:
            yield _written(node.value)


def sentences() -> list[str]:
    """Every sentence of the modules whose faults clerks read."""
    told = {said for one in READ_BY_CLERKS for said in _told(ast.parse((ROOT / f"{one}.py").read_text("utf-8")))}
    return sorted(one for one in told if len(WORD.findall(one.replace(FILLED, ""))) > 1 and " " in one.strip())


def left_over() -> set[str]:
    """Sentences of the catalogue that stand nowhere in the program, but for what libraries say and what is joined."""
    book = YamlFile(shipped("templates") / "faults.zh.yaml").data()["sentences"]
    nodes = [node for path in ROOT.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    written = "\n".join(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {one for one in book if any(piece.strip() not in written for piece in PIECES.split(one))} - FOREIGN


def test_what_a_person_wrote_is_not_said_otherwise() -> None:
    """A unit whose name is a sentence of the catalogue, in quotation marks, stays as it was written."""
    said = fault_said("directory.yaml:3:5: 'storage' is no unit of the directory; write its id or name.", "zh")

    assert said == "directory.yaml:3:5: 通讯录里没有“storage”这个部门；请写部门的 id 或名称。"


def test_traditional_readers_get_traditional_characters() -> None:
    """The sentence is converted, the file's words are not."""
    assert "“国內”" in fault_said("unknown key '国內'; check its spelling or take it out.", "zh-Hant")
    assert "請核對拼寫" in fault_said("unknown key '国內'; check its spelling or take it out.", "zh-Hant")


def test_english_is_what_the_program_writes() -> None:
    """Readers of every other language get the sentence as it is."""
    assert fault_said("it is empty; write at least one word.", "fr") == "it is empty; write at least one word."


@pytest.mark.parametrize(
    ("found", "text", "mend"),
    [
        (("imap gm@a.b", "does not exist", "use another disk"), "没有这个文件夹", "请换磁盘"),
        (
            ("database", "it is at revision r1, not r2", "run maild db upgrade; maild run does it by itself"),
            "数据库是 r1 版，不是 r2 版", "请运行 maild db upgrade；maild run 会自动升级",
        ),
    ],
)  # fmt: skip
def test_a_finding_is_said_with_its_mend(found: tuple[str, str, str], text: str, mend: str) -> None:
    """`maild doctor` says what it found and what to do, each in its own place."""
    check, wrong, remedy = found

    said = finding_said(Finding(check=check, status="BAD", text=wrong, mend=remedy), "zh")

    assert (text, mend) == (said.text, said.mend)
    assert said.check in {"收信 gm@a.b", "数据库"}
