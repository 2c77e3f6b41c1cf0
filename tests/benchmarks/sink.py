"""An SMTP server in a process of its own that keeps no mail: `python -m tests.benchmarks.sink [log]`.

The log gets a line for each accepted mail: the moment on the machine's monotonic clock, and the first recipient.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, log: TextIO | None) -> None:
    writer.write(b"220 sink ESMTP\r\n")
    recipient = b""
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            await writer.drain()
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 2.0.0 OK\r\n")
            if log is not None:
                log.write(f"{time.monotonic():.4f} {recipient.decode()}\n")
        elif verb == b"EHLO":
            writer.write(b"250-sink\r\n250-8BITMIME\r\n250 SIZE 99999999\r\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            if verb == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0]
            writer.write(b"250 OK\r\n")
        await writer.drain()
    writer.close()


async def _serve(log: TextIO | None) -> None:
    server = await asyncio.start_server(lambda r, w: _talk(r, w, log), "127.0.0.1", 0, limit=1 << 27)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def sink(log: Path | None = None) -> Iterator[int]:
    """The port of a sink that runs as long as the context."""
    command = [sys.executable, "-m", "tests.benchmarks.sink", *([str(log)] if log else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def main() -> None:
    """Serve until the process is ended; every line of the log is written at once."""
    if len(sys.argv) > 1:
        with Path(sys.argv[1]).open("a", buffering=1) as log:
            asyncio.run(_serve(log))
    else:
        asyncio.run(_serve(None))


if __name__ == "__main__":
    main()
