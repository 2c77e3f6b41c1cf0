"""Settings from maild.toml and the environment (interfaces.md "Configuration").

Any value may come from the environment: `MAILD_` and the path joined by `__`, lists by number, for instance
`MAILD_STORE__URL` or `MAILD_MAILBOX__0__IMAP__HOST`. Secrets come by password_env, password_file or
password_keyring, never inline. Every mistake names the file and line, or the variable, and the mend.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import unquote

from pydantic import TypeAdapter, ValidationError

from maild.adapters.configcheck import check_settings
from maild.adapters.oauthsettings import add_addresses, with_tokens
from maild.adapters.providerrow import Provider
from maild.adapters.providers import provider_of
from maild.adapters.robots import read_addresses
from maild.adapters.tomlfile import TomlFile, Where, dotted
from maild.domain.duration import read_duration
from maild.errors import Misconfigured
from maild.settings import NotifySettings, Secret, Settings

_SECTIONS = ("organisation", "store", "seal", "mailbox", "board", "notify", "health", "log", "rules", "templates")
_LISTS = ("inbox", "trusted_authserv_ids", "aliases", "roomy_domains")
_PATHS = (("organisation", "directory"), ("store", "secrets"), ("rules",), ("templates",))
_IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
_SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_PASSWORDS = ("password_env", "password_file", "password_keyring")
_SEAL_KEYS = ("key_env", "key_file", "key_keyring")
_CLIENT_SECRETS = ("client_secret_env", "client_secret_file", "client_secret_keyring")


class ConfigFile:
    """One maild.toml on its way to `Settings`."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.base = path.resolve().parent
        self.file = TomlFile(path)

    def settings(self) -> Settings:
        """The settings, complete and checked."""
        self._hoist()
        self.file.overlay(self.environ, _SECTIONS, _LISTS)
        data = dict(self.file.data)
        data["mailbox"] = [self._mailbox(box, ("mailbox", at)) for at, box in enumerate(self._mailboxes(data))]
        data["base"] = self.base
        data["notify"] = self._notify(data.get("notify", {}))
        data["seal"] = self._seal(data.get("seal", {}))
        self._paths(data)
        settings = self._validated(data)
        check_settings(self.file, settings)
        settings = with_tokens(settings, self.base, self.environ)
        store = settings.store
        url = _absolute(store.archive, self.base)
        return replace(settings, store=replace(store, secrets=self.base / store.secrets, archive=url))

    def _hoist(self) -> None:
        """Take `rules` and `templates` out of [organisation], where they may stand too."""
        organisation = self.file.data.get("organisation")
        for key in ("rules", "templates"):
            if isinstance(organisation, dict) and key in organisation:
                self._text(organisation, key, ("organisation",))
                self.file.data.setdefault(key, organisation.pop(key))

    def _text(self, holder: Mapping[str, Any], key: str, where: Where) -> str:
        said = holder[key]
        if not isinstance(said, str):
            raise self.file.mistake(f"{key} is not text; write it in quotes.", (*where, key))
        return said

    def _mailboxes(self, data: Mapping[str, Any]) -> list[Any]:
        boxes = data.get("mailbox")
        if isinstance(boxes, list) and boxes:
            return boxes
        if boxes:
            raise self.file.mistake("a mailbox is written with two brackets: [[mailbox]].", ("mailbox",))
        raise self.file.mistake("there is no [[mailbox]]; add one with its address, imap and smtp.")

    def _mailbox(self, given: Any, where: Where) -> dict[str, Any]:
        box = self._table(given, where)
        imap, smtp = (self._table(box.get(key, {}), (*where, key)) for key in ("imap", "smtp"))
        imap.setdefault("username", box.get("address", ""))
        for key in ("username", "auth", *_PASSWORDS):
            if key in imap and key not in smtp and not (key in _PASSWORDS and _has_password(smtp)):
                smtp[key] = imap[key]
        imap.setdefault("port", _IMAP_PORTS.get(str(imap.get("security", "tls")), 993))
        smtp.setdefault("port", _SMTP_PORTS.get(str(smtp.get("security", "tls")), 465))
        _add_limits(smtp, provider_of(str(box.get("address", "")), str(smtp.get("host", ""))))
        box["imap"], box["smtp"] = self._login(imap, (*where, "imap")), self._login(smtp, (*where, "smtp"))
        if "oauth" in box or "xoauth2" in {box["imap"].get("auth"), box["smtp"].get("auth")}:
            box["oauth"] = self._oauth(box, (*where, "oauth"))
        box["identity"] = self._identity(box.get("identity", {}), (*where, "identity"))
        if isinstance(box.get("plus_addressing"), bool):
            box["plus_addressing"] = str(box["plus_addressing"]).lower()
        if "hold_outside" in box:
            box["hold_outside"] = self._duration(str(box["hold_outside"]), (*where, "hold_outside"))
        folders = box["folders"] = self._table(box.get("folders", {}), (*where, "folders"))
        if "keep_on_server" in folders:
            length = str(folders["keep_on_server"])
            folders["keep_on_server"] = self._duration(length, (*where, "folders", "keep_on_server"))
        return box

    def _identity(self, given: Any, where: Where) -> dict[str, Any]:
        """Its files are looked for from the folder of maild.toml; empty means none."""
        identity = self._table(given, where)
        for key in ("logo", "templates"):
            if key in identity:
                said = self._text(identity, key, where)
                identity[key] = self.base / said if said else None
        return identity

    def _table(self, given: Any, where: Where) -> dict[str, Any]:
        if not isinstance(given, dict):
            header = "[[mailbox]]" if len(where) == 2 else f"[mailbox.{where[-1]}]"
            raise self.file.mistake(f"this must be a table; write {header} and its keys below it.", where)
        return dict(given)

    def _duration(self, text: str, where: Where) -> Any:
        try:
            return read_duration(text)
        except ValueError as error:
            raise self.file.mistake(f"{where[-1]}: {error}.", where) from error

    def _notify(self, given: Any) -> dict[str, Any]:
        """The second channel; its addresses are secrets and stand in no file."""
        if not isinstance(given, dict):
            raise self.file.mistake("this must be a table; write [notify] and its keys below it.", ("notify",))
        notify = dict(given)
        if "urgent" in notify:
            sentence = "an address of the urgent channel is a secret; put it into the variable that urgent_env names."
            raise self.file.mistake(sentence, ("notify", "urgent"))
        variable = notify.get("urgent_env", NotifySettings.urgent_env)
        addresses = self.environ.get(str(variable), "")
        try:
            read_addresses(addresses)
        except Misconfigured as error:
            raise Misconfigured(f"environment variable {variable}: {error.sentence}") from None
        if "trouble_after" in notify:
            notify["trouble_after"] = self._duration(str(notify["trouble_after"]), ("notify", "trouble_after"))
        return notify | {"urgent": Secret(text=addresses)}

    def _seal(self, given: Any) -> dict[str, Any]:
        """The master keys of the seal; a secret, and no part of the database (security.md, "The seal")."""
        if not isinstance(given, dict):
            raise self.file.mistake("this must be a table; write [seal] and its key below it.", ("seal",))
        seal = dict(given)
        if "key" in seal:
            sentence = "a key stands in [seal]; use key_env, key_file or key_keyring."
            raise self.file.mistake(sentence, ("seal", "key"))
        named = {key: self._text(seal, key, ("seal",)) for key in _SEAL_KEYS if seal.get(key)}
        if len(named) > 1:
            raise self.file.mistake(f"one place for the key will do; keep one of {', '.join(named)}.", ("seal",))
        for key, said in named.items():
            text = self._from_source(key, said, ("seal", key), "maild")
            path = self.base / said if key == "key_file" else None
            seal = {name: seal[name] for name in seal if name not in _SEAL_KEYS}
            seal |= {"key": Secret(text=text), "source": f"{key} {said}", "path": path}
        return {name: seal[name] for name in seal if name not in _SEAL_KEYS}

    def _login(self, login: dict[str, Any], where: Where) -> dict[str, Any]:
        if "password" in login:
            sentence = (
                f"a password stands in [mailbox.{where[-1]}]; use password_env, password_file or password_keyring."
            )
            raise self.file.mistake(sentence, (*where, "password"))
        if not login.get("host"):
            raise self.file.mistake(f'[mailbox.{where[-1]}] has no host; add host = "the server\'s name".', where)
        login["password"] = Secret(text=self._secret(login, where))
        if "ca_file" in login:
            login["ca_file"] = self.base / self._text(login, "ca_file", where)
        return login

    def _oauth(self, box: Mapping[str, Any], where: Where) -> dict[str, Any]:
        oauth = self._table(box.get("oauth", {}), where)
        if "client_secret" in oauth:
            sentence = "a client secret stands in [mailbox.oauth]; use client_secret_env, _file or _keyring."
            raise self.file.mistake(sentence, (*where, "client_secret"))
        oauth["client_secret"] = Secret(text=self._secret(oauth, where, _CLIENT_SECRETS))
        add_addresses(oauth, provider_of(str(box.get("address", "")), str(box["imap"].get("host", ""))))
        return oauth

    def _secret(self, login: dict[str, Any], where: Where, keys: Sequence[str] = _PASSWORDS) -> str:
        sources = {key: self._text(login, key, where) for key in keys if key in login}
        for key in sources:
            del login[key]
        if login.get("username") == "":
            return ""
        for key, said in sources.items():
            return self._from_source(key, said, (*where, key), str(login.get("username", "")))
        return ""

    def _from_source(self, key: str, said: str, where: Where, username: str) -> str:
        source = key.rpartition("_")[2]
        if source == "env":
            if not self.environ.get(said):
                other = key.replace("_env", "_file")
                raise self.file.mistake(
                    f"{key}: the environment variable {said} is not set; export it, or use {other}.", where
                )
            return self.environ[said]
        try:
            if source == "file":
                return (self.base / said).read_text("utf-8-sig").strip("\r\n")
            return _from_keyring(said, username)
        except UnicodeDecodeError as error:
            raise self.file.mistake(f"{key}: {said} is not UTF-8 text; write it anew.", where) from error
        except OSError as error:
            sentence = f"{key}: {self.base / said} cannot be read ({error.strerror}); check path and rights."
            raise self.file.mistake(sentence, where) from error
        except LookupError as error:
            raise self.file.mistake(f"{key}: {error.args[0]}.", where) from error

    def _paths(self, data: dict[str, Any]) -> None:
        for steps in _PATHS:
            holder: Any = data
            for step in steps[:-1]:
                holder = holder.get(step, {})
            if isinstance(holder, dict) and isinstance(holder.get(steps[-1]), str):
                holder[steps[-1]] = self.base / holder[steps[-1]]

    def _validated(self, data: dict[str, Any]) -> Settings:
        try:
            settings: Settings = _checker().validate_python(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = tuple(first["loc"])
            raise self.file.mistake(f"{dotted(where)}: {_wrong(first['type'], first['msg'], where)}.", where) from error
        return settings


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and check a maild.toml; `Misconfigured` names file, line and mend."""
    return ConfigFile(path, environ).settings()


@cache
def _checker() -> TypeAdapter[Settings]:
    """Made once, which takes longer than checking a file by it."""
    return TypeAdapter(Settings)


def _add_limits(smtp: dict[str, Any], provider: Provider) -> None:
    """What the provider's row says of connections and rates, where the file says nothing (casework 8)."""
    for key in ("connections", "per_minute", "per_day"):
        if (limit := getattr(provider, key)) is not None:
            smtp.setdefault(key, limit)


def _absolute(url: str, base: Path) -> str:
    """A file URL with an absolute path; `file://path` starts at the folder of maild.toml."""
    return (base / unquote(url.removeprefix("file://"))).as_uri()


def _has_password(login: Mapping[str, Any]) -> bool:
    return any(key in login for key in _PASSWORDS) or login.get("username") == ""


def _wrong(kind: str, message: str, where: Where) -> str:
    key = str(where[-1]) if where else ""
    if kind == "unexpected_keyword_argument":
        near = get_close_matches(key, {*_keys(Settings), *_PASSWORDS, *_CLIENT_SECRETS, *_SEAL_KEYS}, n=1)
        return f"this key is not known; did you mean {near[0]}?" if near else "this key is not known; take it out"
    return "this key is missing; add it" if kind.startswith("missing") else message


def _keys(kind: Any) -> Iterator[str]:
    """Every key that a settings value and the values in it may have."""
    hints = get_type_hints(kind)
    for one in fields(kind):
        yield one.name
        for inner in (hints[one.name], *get_args(hints[one.name])):
            if is_dataclass(inner):
                yield from _keys(inner)


def _from_keyring(service: str, username: str) -> str:
    try:
        import keyring
    except ImportError as error:
        raise LookupError("the keyring package is missing; run pip install keyring") from error
    secret = keyring.get_password(service, username)
    if not secret:
        raise LookupError(f"the keyring holds no password of {username} under {service}; run keyring set")
    return str(secret)
