"""The command line as a whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from maild.cli.main import COMMANDS, main

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: Captured) -> None:
    """`maild COMMAND --help` ends with status 0 and shows an example."""
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])

    assert ended.value.code == 0
    assert "example:" in capsys.readouterr().out


def test_help_names_every_command(capsys: Captured) -> None:
    """`maild --help` lists them all."""
    assert main(["--help"]) == 0
    out = capsys.readouterr().out

    assert all(f"  {name} " in out for name in COMMANDS)


def test_an_unknown_command_is_wrong_usage(capsys: Captured) -> None:
    """A typing error is one sentence on stderr and status 2."""
    assert main(["clasify"]) == 2

    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("command", ["run", "once", "doctor", "db upgrade", "case list", "audit verify"])
def test_a_missing_configuration_is_one_sentence(command: str, tmp_path: Path, capsys: Captured) -> None:
    """Without maild.toml nothing starts: status 2, one sentence with the mend, no traceback."""
    status = main([*command.split(), "-c", str(tmp_path / "maild.toml")])
    said = capsys.readouterr()

    assert status == 2
    assert "maild init" in said.err + said.out
    assert "Traceback" not in said.err


def test_help_loads_no_heavy_library() -> None:
    """`maild --help` starts without database, mail or template libraries."""
    code = "import sys; from maild.cli.main import main; main(['--help']); print(sorted(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    for heavy in ("sqlalchemy", "jinja2", "imapclient", "aiosmtplib", "pydantic", "apscheduler"):
        assert f"'{heavy}'" not in out


@pytest.mark.parametrize(
    ("locale", "words", "mend"),
    [
        ("zh_CN.UTF-8", [], "请运行 maild init 生成"),
        ("zh_TW.UTF-8", [], "請執行 maild init 生成"),
        ("C.UTF-8", [], "write one with `maild init`"),
        ("C.UTF-8", ["--lang", "zh"], "请运行 maild init 生成"),
        ("zh_CN.UTF-8", ["--lang", "en"], "write one with `maild init`"),
    ],
)
def test_what_is_wrong_is_told_in_the_readers_language(
    locale: str, words: list[str], mend: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--lang decides, then the locale; English is for everybody else."""
    monkeypatch.setenv("LC_ALL", locale)

    assert main(["doctor", *words, "-c", str(tmp_path / "maild.toml")]) == 2

    assert mend in capsys.readouterr().err
