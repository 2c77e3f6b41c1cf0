"""What the provider table knows of a mailbox's account, and where the settings ask for something else."""

from collections.abc import Iterator

from maild.adapters.finding import Finding, ok, warn
from maild.adapters.providerrow import Provider
from maild.adapters.providers import provider_of
from maild.adapters.providertable import OWN_SERVER
from maild.settings import MailboxSettings

_LIMITS = {"connections": "connections", "per_minute": "mails a minute", "per_day": "mails a day"}


def check_provider(box: MailboxSettings) -> Iterator[Finding]:
    """One line on the provider with its limits, and one for each setting that it will not like; asks nobody."""
    row = provider_of(box.address, box.smtp.host)
    check = f"provider {box.address}"
    if row is OWN_SERVER:
        yield ok(check, "a server of your own: no limits but those in [mailbox.smtp]")
        return
    limits = ", ".join(f"{getattr(row, key)} {word}" for key, word in _LIMITS.items() if getattr(row, key) is not None)
    yield ok(check, f"{row.name}: {limits}{f'; {row.note}' if row.note else ''}")
    yield from _above(check, row, box)
    if row.login == "xoauth2" and box.imap.auth == "password":
        mend = f'write auth = "xoauth2" in [mailbox.imap], fill [mailbox.oauth], and run maild login {box.address}'
        yield warn(check, f"{row.name} takes no passwords any more", mend)


def _above(check: str, row: Provider, box: MailboxSettings) -> Iterator[Finding]:
    for key, word in _LIMITS.items():
        said, known = getattr(box.smtp, key), getattr(row, key)
        if said is not None and known is not None and said > known:
            text = f"{key} = {said} is more than the {known} {word} that are known of {row.name}"
            yield warn(check, text, f"take {key} out of [mailbox.smtp], unless your account is allowed more")
