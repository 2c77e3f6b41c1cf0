"""Whether a mailbox's SMTP account is fit for maild; logs in and sends nothing."""

import asyncio
from dataclasses import replace

from aiosmtplib.errors import SMTPException

from maild.adapters.finding import Finding, of_error, ok
from maild.adapters.smtp_connect import check_plain, connected, translate
from maild.errors import MaildError
from maild.settings import MailboxSettings, SmtpLogin


def check_smtp(box: MailboxSettings, *, patience: float = 30.0) -> Finding:
    """Whether the server can be reached with TLS and takes the login."""
    check = f"smtp {box.address}"
    try:
        return ok(check, asyncio.run(_probed(box.smtp, patience)))
    except MaildError as error:
        found = of_error(check, error)
        is_left_to_maild = found.mend.endswith("tries again")
        return replace(found, mend="check host, port, security and the way there") if is_left_to_maild else found


async def _probed(login: SmtpLogin, patience: float) -> str:
    check_plain(login)
    try:
        client = await connected(login, patience)
        size = client.esmtp_extensions.get("size", "")
        await client.quit()
    except (SMTPException, OSError) as error:
        raise translate(error, login) from error
    entered = f"logged in at {login.host}:{login.port}" if login.username else f"{login.host}:{login.port}, no login"
    tls = "without TLS on this machine" if login.security == "none" else f"{login.security}, verified"
    limit = f", mails up to {int(size) // 1_000_000} MB" if size.isdecimal() and int(size) else ""
    return f"{entered}, {tls}{limit}"
