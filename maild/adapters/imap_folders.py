"""Folder names: what the settings say, and what the server calls them (RFC 3501 5.1, RFC 2342, RFC 6154)."""

from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from maild.adapters.providers import USUAL_FOLDERS


class FolderNames:
    """The folders of one connection: listed once, asked again when the server disagrees."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._listed: dict[str, frozenset[str]] | None = None
        self._delimiter, self._prefix = _namespace(client)

    def server_name(self, name: str) -> str:
        """`maild/Processed` as this server writes it: its delimiter, and its prefix for personal folders."""
        if name.upper() == "INBOX":
            return "INBOX"
        if name in self._all():
            return name
        own = name.replace("/", self._delimiter) if self._delimiter else name
        return own if own.startswith(self._prefix) else self._prefix + own

    def ensure(self, name: str) -> str:
        """The server's name of the folder, which exists afterwards and is subscribed."""
        own = self.server_name(name)
        if own != "INBOX" and own not in self._all():
            own = self._created(own)
        return own

    def forget(self) -> None:
        """Ask for the list again at the next use."""
        self._listed = None

    def exists(self, name: str) -> bool:
        """Whether the server has this folder."""
        return self.server_name(name) in self._all()

    def special(self, use: str) -> str | None:
        """The folder with this special use: by flag, else by its usual names, outermost first."""
        flag = f"\\{use}".lower()
        by_flag = [name for name, flags in self._all().items() if flag in flags]
        if by_flag:
            return by_flag[0]
        usual = {name.lower(): rank for rank, name in enumerate(USUAL_FOLDERS.get(use, (use,)))}
        ranked = [(self._depth(name), usual[leaf], name) for name in self._all() if (leaf := self._leaf(name)) in usual]
        return min(ranked)[2] if ranked else None

    def _depth(self, name: str) -> int:
        return name.count(self._delimiter) if self._delimiter else 0

    def _leaf(self, name: str) -> str:
        """The name below prefix and provider's own root such as `[Gmail]`, in lower case."""
        return (name.rsplit(self._delimiter, 1)[-1] if self._delimiter else name).lower()

    def _all(self) -> dict[str, frozenset[str]]:
        """Every folder that can be selected, with its flags in lower case."""
        if self._listed is None:
            listed = {name: frozenset(_text(flag).lower() for flag in flags) for flags, _, name in _list(self._client)}
            self._listed = {
                name: flags for name, flags in listed.items() if not flags & {"\\noselect", "\\nonexistent"}
            }
        return self._listed

    def _created(self, own: str) -> str:
        try:
            self._create(own)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            own = self._created_elsewhere(own)
        self.forget()
        return own

    def _created_elsewhere(self, own: str) -> str:
        """After a refusal: it exists by now, or this server keeps everything below INBOX without saying so."""
        self.forget()
        if own in self._all():
            return own
        below = f"INBOX{self._delimiter}{own}"
        if self._prefix or below not in self._all():
            self._create(own if self._prefix else below)
        return own if self._prefix else below

    def _create(self, own: str) -> None:
        self._client.create_folder(own)
        try:
            self._client.subscribe_folder(own)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            # Subscriptions only decide what mail clients show.
            return


def _namespace(client: Any) -> tuple[str, str]:
    """Delimiter and prefix of personal folders; without NAMESPACE the delimiter that LIST names."""
    if client.has_capability("NAMESPACE"):
        personal = client.namespace().personal
        if personal:
            prefix, delimiter = personal[0]
            return _text(delimiter), _text(prefix)
    listed = client.list_folders("", "")
    return (_text(listed[0][1]) if listed else "/"), ""


def _list(client: Any) -> list[tuple[tuple[bytes, ...], bytes | None, str]]:
    folders: list[tuple[tuple[bytes, ...], bytes | None, str]] = client.list_folders()
    return folders


def _text(word: bytes | str | None) -> str:
    return word.decode("utf-8", "replace") if isinstance(word, bytes) else word or ""
