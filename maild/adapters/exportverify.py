"""Verifies an exported case with nothing but Python: every file by its hash, the history by its chain of hashes.

usage: python verify.py            (in the folder where it lies; exit status 0 when everything holds, 1 when not)

The hash of an event is SHA-256 over the canonical JSON of: the hash before it, the case number, its place, its time in
UTC with microseconds, its kind, whether a person made it, and a digest: the SHA-256 over the canonical JSON of its
salt, who made it and its data. Where words were erased the digest alone is left. Events of early versions have no
salt; in place of the digest stand who made it, whether a person did, and the data. Keep the printed head of the chain
apart from the export (on paper, with a lawyer): it shows that nothing was cut off at the end.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

FIRST = "0" * 64


def main(folder: Path) -> int:
    """Print what holds and what does not."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    wrong = [*_files(folder, manifest["files"]), *_chain(folder, manifest)]
    for line in wrong:
        print(line)
    if not wrong:
        count = manifest["events"]
        print(f"{manifest['number']}: {len(manifest['files'])} files and {count} events hold; head {manifest['head']}")
    return 1 if wrong else 0


def _files(folder: Path, files: "dict[str, str]") -> Iterator[str]:
    for name, known in sorted(files.items()):
        path = folder / name
        if not path.is_file():
            yield f"{name}: the file is gone"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != known:
            yield f"{name}: the file was changed"
    listed = {*files, "manifest.json", "verify.py"}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in listed:
            yield f"{name}: the file was put in afterwards"


def _chain(folder: Path, manifest: "dict[str, object]") -> Iterator[str]:
    previous, seq = FIRST, 0
    for line in (folder / "events.jsonl").read_text("utf-8").splitlines():
        event, seq = json.loads(line), seq + 1
        if (event["seq"], event["previous"]) != (seq, previous) or _hash(manifest["number"], event) != event["hash"]:
            yield f"event {seq}: it was changed, removed or put in afterwards"
            return
        previous = event["hash"]
    if (seq, previous) != (manifest["events"], manifest["head"]):
        yield f"event {seq}: events after it were cut off"


def _hash(number: object, event: "dict[str, object]") -> str:
    at = datetime.fromisoformat(str(event["at"])).astimezone(timezone.utc).isoformat(timespec="microseconds")  # noqa: UP017
    end = [event["actor"], event["human"], event["data"]]
    if event.get("salt") or event.get("digest"):
        said = event["digest"] or _hashed([event["salt"], event["actor"], event["data"]])
        end = [event["human"], said]
    return _hashed([event["previous"], number, event["seq"], at, event["kind"], *end])


def _hashed(facts: "list[object]") -> str:
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
