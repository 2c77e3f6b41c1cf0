"""[mailbox.oauth] made complete: the provider's addresses where the file names none, and the tokens of each mailbox."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from maild.adapters.providerrow import Provider
from maild.adapters.tokenkeep import open_keep
from maild.adapters.tokens import Tokens
from maild.settings import MailboxSettings, Settings


def add_addresses(oauth: dict[str, Any], provider: Provider) -> None:
    """Addresses and scope from the provider's row, for the office's own directory there."""
    known = provider.oauth
    if known is None:
        return
    tenant = str(oauth.get("tenant", "common"))
    is_client = oauth.get("flow") == "client"
    oauth.setdefault("token_url", known.token_url.format(tenant=tenant))
    oauth.setdefault("device_url", known.device_url.format(tenant=tenant))
    oauth.setdefault("scope", known.client_scope if is_client else known.device_scope)


def with_tokens(settings: Settings, base: Path, environ: Mapping[str, str]) -> Settings:
    """The same settings, with a source of tokens in each login that needs one."""
    folder = (base / settings.store.secrets).parent / "oauth"
    return replace(settings, mailbox=tuple(_signed(box, folder, environ) for box in settings.mailbox))


def _signed(box: MailboxSettings, folder: Path, environ: Mapping[str, str]) -> MailboxSettings:
    if "xoauth2" not in {box.imap.auth, box.smtp.auth}:
        return box
    keep = box.oauth.keep
    tokens = Tokens(box.address, box.oauth, lambda: open_keep(box.address, folder, environ, where=keep))
    if box.imap.auth == "xoauth2":
        box = replace(box, imap=replace(box.imap, token=tokens))
    if box.smtp.auth == "xoauth2":
        box = replace(box, smtp=replace(box.smtp, token=tokens))
    return box
