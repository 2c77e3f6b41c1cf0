"""The longer run: coverage-guided by atheris (libFuzzer), from the corpus, one reader after the other.

    python -m tests.fuzz --minutes 30 [--target mail]

What breaks a reader, or takes it longer than ten seconds or more than 2 GB, is made as small as it can be without
another finding and lies in tests/corpus/hostile afterwards, where the suite tries it for ever. Exit status 1 when
something was found.
"""

import argparse
import subprocess
import sys
import tempfile
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.fuzz.mutate import CORPUS, seeds
from tests.fuzz.targets import TARGETS
from tests.fuzz.test_fuzz import SEEDS

KEPT = CORPUS / "hostile"
_LONGEST = 20_000


def breaks(name: str, raw: bytes) -> bool:
    """Whether these bytes break the reader."""
    try:
        TARGETS[name](raw)
    except Exception:  # noqa: BLE001  whatever it is, it is what is looked for
        return True
    return False


def smallest(name: str, raw: bytes) -> bytes:
    """The input with everything taken out without which it still breaks the reader."""
    size = len(raw) // 2
    while size:
        at = 0
        while at < len(raw):
            shorter = raw[:at] + raw[at + size :]
            if breaks(name, shorter):
                raw = shorter
            else:
                at += size
        size //= 2
    return raw


def run(name: str, seconds: int) -> list[Path]:
    """Fuzz one reader for so long in a process of its own; the inputs kept."""
    with tempfile.TemporaryDirectory() as folder:
        grown, found = Path(folder) / "corpus", Path(folder) / "found"
        grown.mkdir()
        found.mkdir()
        for raw in seeds(*SEEDS[name]):
            (grown / sha256(raw).hexdigest()).write_bytes(raw)
        options = [f"-max_total_time={seconds}", f"-max_len={_LONGEST}", "-timeout=10", "-rss_limit_mb=2048",
                   f"-artifact_prefix={found}/", str(grown)]  # fmt: skip
        subprocess.run([sys.executable, "-m", "tests.fuzz", "--child", name, *options], check=False)
        return [_kept(name, path.read_bytes()) for path in sorted(found.iterdir())]


def _kept(name: str, raw: bytes) -> Path:
    small = smallest(name, raw) if breaks(name, raw) else raw
    path = KEPT / f"{name}-{sha256(small).hexdigest()[:12]}"
    path.write_bytes(small)
    return path


def _child(name: str, options: list[str]) -> None:
    atheris: Any = import_module("atheris")  # for Linux alone, and without types
    with atheris.instrument_imports(include=["maild"]):
        for module in [one for one in sys.modules if one.startswith(("maild", "tests.fuzz.targets"))]:
            del sys.modules[module]
        from tests.fuzz.targets import TARGETS as INSTRUMENTED

    atheris.Setup([sys.argv[0], *options], INSTRUMENTED[name])
    atheris.Fuzz()


def main(arguments: list[str] | None = None) -> int:
    """Fuzz, and say what was found."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--child"]:
        _child(words[1], words[2:])
        return 0
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="for all readers together")
    parser.add_argument("--target", choices=sorted(TARGETS), help="this reader alone")
    options = parser.parse_args(words)
    names = [options.target] if options.target else sorted(TARGETS)
    kept = [path for name in names for path in run(name, max(1, int(options.minutes * 60 / len(names))))]
    for path in kept:
        print(path.relative_to(CORPUS.parent.parent))
    print(f"{len(names)} readers, {len(kept)} findings")
    return 1 if kept else 0


if __name__ == "__main__":
    sys.exit(main())
