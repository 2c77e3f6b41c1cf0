"""Questions on a terminal; where stdin is none, every answer is the given one or the default and nothing is asked."""

import getpass
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from maild.errors import Misconfigured

YES, NO = {"y", "yes", "是", "有", "好", "1"}, {"n", "no", "否", "没有", "不", "0"}
_TRIES = 3


class Questions:
    """The questions of one run, in the words of `office/questions.yaml`."""

    def __init__(self, words: Path, *, asks: bool | None = None) -> None:
        self.words: Mapping[str, str] = yaml.safe_load(words.read_text("utf-8"))
        self.asks = sys.stdin.isatty() if asks is None else asks
        """Whether anybody is there to answer."""

    def say(self, key: str, more: str = "") -> None:
        """One line to whoever looks on."""
        print(f"{self.words[key]}{': ' if more else ''}{more}", flush=True)

    def text(self, key: str, given: str | None, default: str, fits: Callable[[str], bool] = bool) -> str:
        """An answer that fits: the given one without a question, else asked for, else the default."""
        if given is not None or not self.asks:
            return default if given is None else given
        for _ in range(_TRIES):
            said = self._read(key, default) or default
            if fits(said):
                return said
            self.say("no_address")
        raise Misconfigured(f"'{said}' is no mail address; write name@domain.")

    def yes(self, key: str, given: str | None, *, default: bool) -> bool:
        """Yes or no, in the same order of precedence."""
        said = given
        for _ in range(_TRIES):
            if said is None and self.asks:
                said = self._read(key, "y" if default else "n")
            if not said:
                return default
            if said.strip().lower() in YES | NO:
                return said.strip().lower() in YES
            if given is not None or not self.asks:
                break
            self.say("yes_no")
            said = None
        raise Misconfigured(f"'{said}' is neither yes nor no; write y or n.")

    def secret(self, key: str) -> str:
        """A password that is not shown while it is typed; "" where nobody is asked."""
        return getpass.getpass(f"{self.words[key]}: ") if self.asks else ""

    def _read(self, key: str, default: str) -> str:
        return input(f"{self.words[key]} [{default}]: ").strip()
