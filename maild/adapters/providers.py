"""What is particular about known mail providers: login words, and the names of their usual folders."""

from collections.abc import Mapping

_CODE = "use the authorisation code (授权码) that the provider's web page gives for IMAP, not the web password"
_HINTS: Mapping[str, str] = {
    "163.com": _CODE,
    "126.com": _CODE,
    "yeah.net": _CODE,
    "188.com": _CODE,
    "qq.com": _CODE,
    "sina.com": _CODE,
    "gmail.com": "use an app password or auth = xoauth2",
    "outlook.com": "use auth = xoauth2, passwords are no longer taken",
    "office365.com": "use auth = xoauth2, passwords are no longer taken",
}

USUAL_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "Sent": (
        "Sent", "Sent Messages", "Sent Items", "Sent Mail", "已发送", "已发送邮件", "已发邮件", "寄件備份", "已傳送",
        "已傳送郵件", "寄件备份", "Sent-Mail",
    ),
    "Junk": ("Junk", "Spam", "垃圾邮件", "垃圾郵件", "Junk E-mail", "Junk Email", "Junk Mail", "Bulk Mail", "Bulk"),
    "Trash": (
        "Trash", "Deleted Messages", "Deleted Items", "Deleted", "已删除", "已删除邮件", "已刪除", "刪除的郵件",
        "垃圾桶",
    ),
    "Drafts": ("Drafts", "Draft", "草稿箱", "草稿", "草稿夹"),
    "Archive": ("Archive", "Archives", "归档", "存档", "封存"),
}  # fmt: skip
"""Special use (RFC 6154) to the names that servers without its flags give, likeliest first."""


def login_hint(host: str) -> str:
    """What most often mends a refused login at this provider; empty for an unknown one."""
    return next((hint for domain, hint in _HINTS.items() if f".{host}".endswith(f".{domain}")), "")
