"""The files under deploy/ are read by the tools of their trade, so that nobody finds their faults in production."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
ROOT = DEPLOY.parent
UNIT = DEPLOY / "systemd" / "maild.service"
COMPOSE = DEPLOY / "compose" / "compose.yaml"
DOCKERFILE = DEPLOY / "compose" / "Dockerfile"
CLUSTER = DEPLOY / "kubernetes" / "maild.yaml"


def _tool(name: str) -> str:
    """The path of a tool; without it the test is skipped with a line, or fails where the real parts are required."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    return found or _missing(name)


def _missing(name: str) -> NoReturn:
    if os.environ.get("MAILD_REQUIRE_REAL") == "1":
        pytest.fail(f"needs {name}")
    pytest.skip(f"needs {name}")


def _project(text: str) -> Any:
    """The compose file as the specification's own reader understands it; ValueError where it does not."""
    try:
        import compose_spec
    except ImportError:
        _missing("compose-spec")
    project = compose_spec.PyCompose.from_yaml(text)
    project.validate()
    return project


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def _verify_unit(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What systemd says of this unit; the program's path is one that exists here."""
    path = folder / "maild.service"
    path.write_text(text.replace("/opt/maild/bin/maild", sys.executable), "utf-8")
    return _run(_tool("systemd-analyze"), "verify", "--man=no", str(path))


def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    """Every line of the unit is one that systemd knows."""
    done = _verify_unit(UNIT.read_text("utf-8"), tmp_path)

    assert (0, "") == (done.returncode, done.stderr)


def test_systemd_would_tell_a_misspelled_line(tmp_path: Path) -> None:
    """The reader does notice a wrong key, so that its silence means something."""
    wrong = UNIT.read_text("utf-8").replace("NoNewPrivileges=", "NoNewPrivilege=")

    assert "NoNewPrivilege" in _verify_unit(wrong, tmp_path).stderr


def test_the_unit_is_locked_up() -> None:
    """Systemd's own judgement of the sandbox is 'OK': an exposure of at most 2.0 of 10."""
    done = _run(_tool("systemd-analyze"), "security", "--offline=true", "--threshold=20", str(UNIT))

    assert done.returncode == 0, done.stdout[-500:]


def test_compose_files_are_read_by_the_specification() -> None:
    """The compose file is a project with maild and its database, every secret and volume of it declared."""
    project = _project(COMPOSE.read_text("utf-8"))

    assert {"maild", "database"} == set(project.service_names())


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("depends_on:", "depend_on:"),
        ("condition: service_healthy", "condition: healthy"),
        ("      - pgpass\n", "      - pgpas\n"),
    ],
)
def test_compose_faults_are_told(right: str, wrong: str) -> None:
    """A misspelled key, an unknown condition and an undeclared secret are refused by the same reader."""
    text = COMPOSE.read_text("utf-8").replace(right, wrong, 1)

    with pytest.raises(ValueError, match=r"."):
        _project(text)


def test_the_container_is_built_from_what_is_there() -> None:
    """Hadolint finds nothing to say, and every file that is copied stands in the checkout."""
    done = _run(_tool("hadolint"), str(DOCKERFILE))
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE.read_text("utf-8"), re.MULTILINE)

    assert (0, "") == (done.returncode, done.stdout)
    assert copied
    assert all((ROOT / name).exists() for line in copied for name in line.split())


@pytest.mark.parametrize("version", ["1.29.0", "1.37.0"])
def test_kubernetes_reads_the_manifests(version: str) -> None:
    """Each object is valid by the schemas of an old and a new Kubernetes, without a single unknown key."""
    done = _run(_tool("kubernetes-validate"), "--strict", "-k", version, str(CLUSTER))

    assert done.returncode == 0, done.stdout + done.stderr


def test_kubernetes_faults_are_told(tmp_path: Path) -> None:
    """A misspelled key is refused by the same reader."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(CLUSTER.read_text("utf-8").replace("runAsNonRoot:", "runAsNoRoot:"), "utf-8")

    assert _run(_tool("kubernetes-validate"), "--strict", str(wrong)).returncode != 0


def test_pods_mount_only_what_the_instructions_make() -> None:
    """Every configuration and secret that a pod mounts is made by a command at the head of the file."""
    text = CLUSTER.read_text("utf-8")
    head = text.partition("apiVersion")[0]
    volumes = next(yaml.safe_load_all(text))["spec"]["template"]["spec"]["volumes"]
    wanted = [v["configMap"]["name"] for v in volumes if "configMap" in v]
    wanted += [v["secret"]["secretName"] for v in volumes if "secret" in v]

    assert 3 == len(wanted)
    assert all(name in head for name in wanted)
