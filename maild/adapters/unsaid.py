"""A server's words without our password in them: some say it back, and what they say is logged and mailed."""

from base64 import b64encode

from maild.settings import Secret


def without_password(words: str, username: str, password: Secret) -> str:
    """The words with `***` for the password, as typed or as it goes over the line (RFC 4616, AUTH LOGIN)."""
    if not password:
        return words
    typed = password.text
    sent = (f"\0{username}\0{typed}", typed)
    for secret in (*(b64encode(one.encode()).decode() for one in sent), typed):
        words = words.replace(secret, "***")
    return words
