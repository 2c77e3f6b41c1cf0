"""One attachment cleaned in a process of its own; run as a program by `cleanapart`.

Standard input is the file, the argument its kind; standard output is one line of JSON, `how` it went and the `text`
that stays in it, and behind the line the cleaned bytes. Memory, time and size are bounded before anything is opened.
"""

import json
import sys
from contextlib import suppress
from zipfile import BadZipFile

from maild.domain.cleaned import How, Uncleanable

MEMORY, CPU, OUTPUT = 1 << 30, 8, 48 << 20
"""Bytes of memory, seconds of work, bytes of the answer."""
LONGEST = 200_000
"""Characters of text."""


def cleaned(data: bytes, kind: str) -> tuple[How, bytes, str]:
    """How it went, the cleaned file, its words; never raises."""
    try:
        content, text = _clean(data, kind)
    except Uncleanable as error:
        return error.how, b"", ""
    except ModuleNotFoundError:
        return How.NO_CLEANER, b"", ""
    except MemoryError:
        return How.TOO_LARGE, b"", ""
    except BadZipFile:
        return How.DAMAGED, b"", ""
    except Exception:  # noqa: BLE001  whatever a damaged file does to a library
        return How.DAMAGED, b"", ""
    return How.CLEAN, content, text[:LONGEST].encode("utf-8", "replace").decode()


def _clean(data: bytes, kind: str) -> tuple[bytes, str]:
    if kind == "ooxml":
        from maild.adapters.bareoffice import bare_office

        return bare_office(data)
    if kind == "pdf":
        from maild.adapters.barepdf import bare_pdf

        return bare_pdf(data)
    if kind == "image":
        from maild.adapters.bareimage import bare_image

        return bare_image(data), ""
    from maild.mail.charset import decode

    return data, decode(data[: 4 * LONGEST], None).text


def bound() -> None:
    """Bound this process: memory, work, no file larger than the answer, no core."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU), (resource.RLIMIT_FSIZE, OUTPUT),
            (resource.RLIMIT_CORE, 0),
        ):  # fmt: skip
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    bound()
    how, content, text = cleaned(sys.stdin.buffer.read(), sys.argv[1])
    sys.stdout.buffer.write(json.dumps({"how": how.value, "text": text}).encode() + b"\n" + content)
