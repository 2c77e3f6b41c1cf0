"""Sign a mailbox in with OAuth2, once: by a code that is typed in on any device, or with the program's own credentials.

example: maild login gm@corp.example
"""

import argparse
import os

from maild.cli.main import config_argument
from maild.errors import Misconfigured
from maild.settings import MailboxSettings, Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild login`."""
    config_argument(parser)
    parser.add_argument("mailbox", help='the address of a [[mailbox]] with auth = "xoauth2"')


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when the tokens are kept, 1 when the sign-in failed, 2 when the settings do not allow one."""
    from maild.adapters.oauth import Grant, client_grant, device_code, wait_for_person
    from maild.adapters.tokens import Tokens
    from maild.config import load

    box = _box(load(args.config, os.environ), args.mailbox)
    tokens = box.imap.token or box.smtp.token
    if not isinstance(tokens, Tokens):
        raise Misconfigured(f'{box.address} signs in by password; write auth = "xoauth2" in [mailbox.imap] for this.')
    grant: Grant
    if box.oauth.flow == "client":
        grant = client_grant(box.oauth, box.address)
    else:
        code = device_code(box.oauth)
        print(f"Open {code.page} on any device, sign in as {box.address} and type in: {code.user}", flush=True)
        grant = wait_for_person(box.oauth, code)
        if not grant.refresh:
            raise Misconfigured("The provider gave no refresh token; add offline_access to scope in [mailbox.oauth].")
    print(f"{box.address} is signed in; kept in {tokens.take(grant)}. Now run maild doctor.")
    return 0


def _box(settings: Settings, address: str) -> MailboxSettings:
    found = next((box for box in settings.mailbox if box.address.lower() == address.lower()), None)
    if found is None:
        known = ", ".join(box.address for box in settings.mailbox)
        raise Misconfigured(f"There is no mailbox {address} in the settings; it is one of: {known}.")
    return found
