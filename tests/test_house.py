"""The rules of the house: import directions, no cycles, small modules and functions, everything documented."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.adapters.faultwords import fault_said
from tests.adapters.test_faultwords import left_over, sentences

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "maild"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "versions" not in p.parts)
Function = ast.FunctionDef | ast.AsyncFunctionDef

ALLOWED = {
    "domain": {"domain"},
    "mail": {"domain", "errors", "mail"},
    "workflow": {"domain", "errors", "mail", "settings", "workflow"},
    "adapters": {"adapters", "domain", "errors", "mail", "settings", "workflow"},
}
"""What each room may import of the house; daemon, assembly and cli compose, and nobody imports them."""
MODULE_MAX, MODULE_MEDIAN, STAGE_MAX = 300, 120, 200
FUNCTION_MAX, FUNCTION_P90, FUNCTION_MEDIAN, POSITIONAL_MAX = 50, 25, 8, 4


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _functions() -> Iterator[tuple[Path, Function]]:
    for path in MODULES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, Function):
                yield path, node


def _length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("room", sorted(ALLOWED))
def test_each_room_imports_only_what_it_may(room: str) -> None:
    """Decisions never reach for adapters, and adapters never for the daemon or the command line."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (PACKAGE / room).rglob("*.py")
        for name in _imports(path)
        if name.startswith("maild.") and name.split(".")[1] not in ALLOWED[room]
    ]

    assert [] == wrong


def test_the_domain_does_no_input_or_output() -> None:
    """What the office knows is decided without files, sockets, threads or a clock of its own."""
    io = {
        "os",
        "pathlib",
        "socket",
        "ssl",
        "subprocess",
        "threading",
        "asyncio",
        "time",
        "random",
        "secrets",
        "sqlite3",
    }

    wrong = [(p.name, n) for p in (PACKAGE / "domain").glob("*.py") for n in _imports(p) if n.split(".")[0] in io]

    assert [] == wrong


def test_there_are_no_import_cycles() -> None:
    """Following imports never leads back to where one began."""
    names = {_name(path) for path in MODULES}
    graph = {_name(p): {n for n in _imports(p) if n in names and n != _name(p)} for p in MODULES}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for other in graph[name]:
                walk(other, (*trail, name))
            done.add(name)

    for name in graph:
        walk(name, ())


def test_modules_stay_small() -> None:
    """No module is longer than one can keep in mind."""
    sizes = {str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n") for path in MODULES}

    assert {} == {name: size for name, size in sizes.items() if size > MODULE_MAX}
    assert {} == {n: s for n, s in sizes.items() if n.startswith("maild/workflow/") and s > STAGE_MAX}
    assert statistics.median(sizes.values()) <= MODULE_MEDIAN


def test_functions_stay_small() -> None:
    """A function fits on a screen, and most of them in a few lines."""
    lengths = sorted(_length(node) for _, node in _functions())

    assert [] == [f"{p.relative_to(ROOT)}:{n.lineno} {n.name}" for p, n in _functions() if _length(n) > FUNCTION_MAX]
    assert statistics.median(lengths) <= FUNCTION_MEDIAN
    assert lengths[len(lengths) * 9 // 10] <= FUNCTION_P90


def test_functions_take_few_positional_parameters() -> None:
    """What is more than four things has names where it is called."""
    wrong = []
    for path, node in _functions():
        names = [a.arg for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in {"self", "cls"}]
        if len(names) > POSITIONAL_MAX:
            wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")

    assert [] == wrong


def test_every_public_name_is_documented() -> None:
    """Modules, classes and public functions say what they promise."""
    wrong = []
    for path in MODULES:
        tree = _tree(path)
        bodies = [(tree, path.name), *((n, n.name) for n in tree.body if isinstance(n, ast.ClassDef | Function))]
        wrong += [
            f"{path.relative_to(ROOT)}: {name}"
            for node, name in bodies
            if not name.startswith("_") and not ast.get_docstring(node)
        ]

    assert [] == wrong


def test_every_test_promises_something() -> None:
    """Each test's docstring is its promise."""
    wrong = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(_tree(path))
        if isinstance(node, Function) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]

    assert [] == wrong


def test_nothing_is_left_for_later() -> None:
    """What is to be done stands in an issue, not in a mark in the code."""
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")

    wrong = [path.name for path in MODULES if any(mark in path.read_text("utf-8") for mark in marks)]

    assert [] == wrong


def test_every_folder_says_what_lives_there() -> None:
    """A newcomer finds a README in each folder that people look into."""
    folders = ["maild", "maild/domain", "maild/mail", "maild/workflow", "maild/adapters", "maild/cli", "maild/sandbox",
               "templates", "rules", "rules/gm-mailbox", "tests", "tests/corpus", "deploy"]  # fmt: skip

    assert [] == [folder for folder in folders if not (ROOT / folder / "README.md").is_file()]


def test_every_fault_is_said_in_chinese() -> None:
    """No sentence that tells a clerk of a fault is left in English for a Chinese reader: faults.zh.yaml has them all."""
    found = sentences()

    assert [one for one in found if fault_said(one, "zh") == one] == []
    assert len(found) > 250


def test_no_fault_is_said_that_the_program_forgot() -> None:
    """Each sentence of faults.zh.yaml still stands in the program: one that changed changes there too."""
    assert left_over() == set()
