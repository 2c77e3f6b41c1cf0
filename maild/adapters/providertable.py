"""The provider table: each row one provider, each figure with the place where it was read and its date.

A figure that a provider keeps secret is chosen on the low side and says so. None of it was tried on the real servers
(README.md, "Not in this version"); `maild doctor` and the limits that a server answers with have the last word.
"""

from maild.adapters.providerrow import OAuth, Provider, Servers, Source

_TRIED = "2026-11-26"
"""The day on which the places below were read."""
_UNPUBLISHED = "not published by the provider; chosen low, so that its own answers (4xx) are rarely met"
_MICROSOFT_LIMITS = "learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements"
_MICROSOFT_OAUTH = (
    "learn.microsoft.com/exchange/client-developer/legacy-protocols/"
    "how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth"
)
_GOOGLE_LIMITS = "support.google.com/a/answer/166852, as repeated at service.alaska.edu KB 231"
_NETEASE_CODES = (
    "NetEase's refusal codes, as repeated at biecuoliao.com/pa/MBRrwEM.html: limits a connection (MI:DMC) and per 15 "
    "minutes (MI:SFQ), without figures"
)
_USED = "what public configurations and DNS answers show; not read at the provider"
_SOCKETS = ("at", "domains", "hosts")


def _chosen(*covers: str) -> Source:
    return Source(covers=covers, where=_UNPUBLISHED, seen=_TRIED)


def _read(where: str, *covers: str, seen: str = _TRIED) -> Source:
    return Source(covers=covers, where=where, seen=seen)


_NETEASE = (
    _read("github.com/chatmail/provider-db _providers/163.md", *_SOCKETS, "login", seen="2024-11"),
    _read(_USED, *_SOCKETS, "mx"),
    _read("github.com/mjs/imapclient/issues/544, pimalaya/himalaya/issues/656", "needs_id", seen="2026-03-22"),
    _read(_NETEASE_CODES, "connections", "per_minute", "per_day"),
    _chosen("connections", "per_minute", "per_day"),
)
_MICROSOFT = OAuth(
    token_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106  an address, no secret
    device_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode",
    device_scope=(
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
    ),
    client_scope="https://outlook.office365.com/.default",
)
_MICROSOFT_SOURCES = (
    _read(_MICROSOFT_OAUTH, "at", "login", "oauth", "hosts"),
    _read("github.com/chatmail/core/pull/2250 (X-Microsoft-Original-Message-ID)", "rewrites_id", seen="2021-02-17"),
    _read("github.com/huacnlee/omamail/pull/60", "files_sent", seen="2026-09-03"),
)
_GOOGLE = OAuth(token_url="https://oauth2.googleapis.com/token")  # noqa: S106  an address, no secret
_GOOGLE_SOURCES = (
    _read("developers.google.com/workspace/gmail/imap/imap-smtp", "at", "hosts", "login"),
    _read("developers.google.com/identity/protocols/oauth2/limited-input-device (no mail scope)", "oauth"),
    _read("github.com/huacnlee/omamail/pull/60, jstedfast/MailKit/issues/1193", "files_sent", seen="2026-09-03"),
    _read("gist.github.com/aaronbassett/4135599", "plus"),
    _chosen("connections", "per_minute"),
)
_GOOGLE_NOTE = "mail in [Gmail]/All Mail is the same mail again: read INBOX alone"

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        key="netease", name="NetEase 163, 126, yeah", domains=("163.com", "126.com", "yeah.net"),
        hosts=("163.com", "126.com", "yeah.net"),
        at=Servers(imap_host="imap.{domain}", smtp_host="smtp.{domain}"), needs_id=True, login="code",
        connections=2, per_minute=10, per_day=200, recipients=40, size_mb=50,
        note="a free account has two authorisation codes at most; each new one may end an older one",
        sources=(*_NETEASE, _chosen("recipients", "size_mb")),
    ),
    Provider(
        key="netease-vip", name="NetEase VIP, 188", domains=("vip.163.com", "vip.126.com", "188.com"),
        hosts=("vip.163.com", "vip.126.com", "188.com"),
        at=Servers(imap_host="imap.{domain}", smtp_host="smtp.{domain}"), needs_id=True, login="code",
        connections=2, per_minute=15, per_day=500, recipients=40, size_mb=50,
        sources=(*_NETEASE, _chosen("recipients", "size_mb")),
    ),
    Provider(
        key="netease-qiye", name="NetEase enterprise mail (网易企业邮箱)", hosts=("qiye.163.com", "ym.163.com"),
        mx=("mxmail.netease.com", "qiye.163.com", "ym.163.com"),
        at=Servers(imap_host="imap.qiye.163.com", smtp_host="smtp.qiye.163.com"), needs_id=True, login="code",
        connections=2, per_minute=15, per_day=1000, recipients=100, size_mb=50, files_sent=True,
        sources=(
            _read("github.com/pimalaya/himalaya/issues/660", *_SOCKETS, "files_sent", seen="2026-03-31"),
            *_NETEASE, _chosen("recipients", "size_mb"),
        ),
    ),
    Provider(
        key="exmail", name="Tencent Exmail, WeCom mail (腾讯企业邮)", hosts=("exmail.qq.com",),
        mx=("mxbiz1.qq.com", "mxbiz2.qq.com"),
        at=Servers(imap_host="imap.exmail.qq.com", smtp_host="smtp.exmail.qq.com"), login="code",
        connections=2, per_minute=20, per_day=1000, recipients=100, size_mb=50,
        note="the day's budget is one for the whole domain, and counts mail to strangers alone",
        sources=(
            _read("service.exmail.qq.com, as repeated at sjxps.com/news_in/695 (shared budget, figures kept secret)",
                  "per_day", "per_minute", seen="2025-01-12"),
            _read(_USED, *_SOCKETS, "mx", "login"),
            _chosen("connections", "per_minute", "per_day", "recipients", "size_mb"),
        ),
    ),
    Provider(
        key="qq", name="QQ Mail, Foxmail", domains=("qq.com", "vip.qq.com", "foxmail.com"), hosts=("qq.com",),
        mx=("mxdomain.qq.com",), at=Servers(imap_host="imap.qq.com", smtp_host="smtp.qq.com"), login="code",
        connections=2, per_minute=10, per_day=100, recipients=50, size_mb=50,
        note="whether SMTP mail appears in Sent is a setting of the web page (SMTP发信后保存到服务器)",
        sources=(
            _read("github.com/chatmail/provider-db _providers/qq.md", *_SOCKETS, "login", seen="2021-06"),
            _read(_USED, "domains", "mx"),
            _read("yimisoft.com/article/detail/2263 (limits a minute, an hour, a day; no figures)", "per_minute"),
            _chosen("connections", "per_minute", "per_day", "recipients", "size_mb"),
        ),
    ),
    Provider(
        key="alimail", name="Alibaba enterprise mail (阿里企业邮箱)", hosts=("qiye.aliyun.com", "mxhichina.com"),
        mx=("mxhichina.com", "qiye.aliyun.com"),
        at=Servers(imap_host="imap.qiye.aliyun.com", smtp_host="smtp.qiye.aliyun.com"), login="code",
        connections=2, per_minute=15, per_day=1000, recipients=100, size_mb=50,
        sources=(
            _read("aliyunyh.com/492290.html (servers, 三方客户端安全密码)", *_SOCKETS, "login"),
            _read(_USED, "mx", "hosts"),
            _read("alibabacloud.com/help/faq-detail/109009.htm (limits a minute, an hour, a day are kept secret)",
                  "per_minute", "per_day"),
            _chosen("connections", "per_minute", "per_day", "recipients", "size_mb"),
        ),
    ),
    Provider(
        key="aliyun", name="Aliyun personal mail", domains=("aliyun.com",), hosts=("aliyun.com",),
        at=Servers(imap_host="imap.aliyun.com", smtp_host="smtp.aliyun.com"), login="code",
        connections=1, per_minute=10, per_day=100, recipients=50, size_mb=30,
        sources=(
            _read("alibabacloud.com/help/faq-detail/109009.htm (limits are kept secret)", "per_minute", "per_day"),
            _read(_USED, *_SOCKETS, "login"),
            _chosen("connections", "per_minute", "per_day", "recipients", "size_mb"),
        ),
    ),
    Provider(
        key="sina", name="Sina Mail", domains=("sina.com", "sina.cn"), hosts=("sina.com", "sina.cn"),
        at=Servers(imap_host="imap.sina.com", smtp_host="smtp.sina.com"), login="code",
        connections=1, per_minute=5, per_day=100, recipients=50, size_mb=20,
        sources=(
            _read("topmailsender.com/en/youxiang/109-xinlang-sinayouxiang-sina-personal-email", *_SOCKETS, "login"),
            _chosen("connections", "per_minute", "per_day", "recipients", "size_mb"),
        ),
    ),
    Provider(
        key="outlook", name="Outlook.com, Hotmail", domains=("outlook.com", "hotmail.com", "live.com", "msn.com"),
        hosts=("smtp-mail.outlook.com",),
        at=Servers(imap_host="outlook.office365.com", smtp_host="smtp-mail.outlook.com", smtp_port=587,
                   smtp_security="starttls"),
        login="xoauth2", connections=2, per_minute=10, per_day=300, recipients=100, size_mb=25, plus=True,
        files_sent=True, rewrites_id=True, oauth=_MICROSOFT,
        sources=(
            *_MICROSOFT_SOURCES,
            _read("msoutlook.info/question/235 (free account), support.microsoft.com Sending limits in Outlook.com",
                  "domains", "per_day", "recipients", "size_mb"),
            _read("gitlab.com/gitlab-org/gitlab-docs/-/issues/1626, naming Microsoft's own page",
                  "plus"),
            _chosen("connections", "per_minute"),
        ),
    ),
    Provider(
        key="microsoft365", name="Microsoft 365, Exchange Online", hosts=("office365.com", "office.com"),
        mx=("mail.protection.outlook.com", "mx.microsoft"),
        at=Servers(imap_host="outlook.office365.com", smtp_host="smtp.office365.com", smtp_port=587,
                   smtp_security="starttls"),
        login="xoauth2", connections=3, per_minute=30, per_day=10_000, recipients=500, size_mb=25,
        plus=True, files_sent=True, rewrites_id=True, oauth=_MICROSOFT,
        note="SMTP AUTH must be switched on for the mailbox; a full mailbox sends nothing, as Sent Items counts",
        sources=(
            *_MICROSOFT_SOURCES,
            _read(_MICROSOFT_LIMITS, "connections", "per_minute", "per_day", "files_sent"),
            _read("vtcri.kayako.com/article/38, repeating Sending limits of Exchange Online", "recipients"),
            _chosen("size_mb"),
            _read(_USED, "mx"),
            _read("gitlab.com/gitlab-org/gitlab-docs/-/issues/1626, naming Microsoft's own page",
                  "plus"),
        ),
    ),
    Provider(
        key="gmail", name="Gmail", domains=("gmail.com", "googlemail.com"),
        at=Servers(imap_host="imap.gmail.com", smtp_host="smtp.gmail.com"), login="app",
        connections=3, per_minute=20, per_day=500, recipients=100, size_mb=25, plus=True, files_sent=True,
        oauth=_GOOGLE, note=_GOOGLE_NOTE,
        sources=(
            *_GOOGLE_SOURCES,
            _read("developer.nylas.com/docs/cookbook/email/gmail-smtp-settings", "domains", "per_day", "recipients",
                  "size_mb"),
        ),
    ),
    Provider(
        key="google", name="Google Workspace", hosts=("gmail.com", "googlemail.com", "google.com"),
        mx=("google.com", "googlemail.com"),
        at=Servers(imap_host="imap.gmail.com", smtp_host="smtp.gmail.com"), login="app",
        connections=3, per_minute=20, per_day=2000, recipients=100, size_mb=25, plus=True, files_sent=True,
        oauth=_GOOGLE, note=_GOOGLE_NOTE,
        sources=(
            *_GOOGLE_SOURCES,
            _read(_USED, "mx"),
            _read(_GOOGLE_LIMITS, "per_day", "recipients", "size_mb"),
        ),
    ),
    Provider(
        key="fastmail", name="Fastmail", domains=("fastmail.com", "fastmail.fm", "fastmail.cn"),
        hosts=("fastmail.com", "messagingengine.com"), mx=("messagingengine.com",),
        at=Servers(imap_host="imap.fastmail.com", smtp_host="smtp.fastmail.com"), login="app only",
        connections=4, per_minute=30, per_day=2000, recipients=100, size_mb=50, plus=True,
        sources=(
            _read("github.com/chatmail/provider-db _providers/fastmail.md", *_SOCKETS, "login", seen="2022-01"),
            _read(_USED, "mx", "hosts"),
            _read("gist.github.com/aaronbassett/4135599", "plus"),
            _chosen("connections", "per_minute", "per_day", "recipients", "size_mb"),
        ),
    ),
    Provider(
        key="icloud", name="iCloud Mail", domains=("icloud.com", "me.com", "mac.com"), hosts=("mail.me.com",),
        mx=("mail.icloud.com",),
        at=Servers(imap_host="imap.mail.me.com", smtp_host="smtp.mail.me.com", smtp_port=587,
                   smtp_security="starttls"),
        login="app only", connections=2, per_minute=10, per_day=500, recipients=100, size_mb=20,
        sources=(
            _read("github.com/chatmail/provider-db _providers/icloud.md", *_SOCKETS, "login", seen="2024-10"),
            _read(_USED, "mx"),
            _chosen("connections", "per_minute", "per_day", "recipients", "size_mb"),
        ),
    ),
    Provider(
        key="139", name="China Mobile 139", domains=("139.com",), hosts=("139.com",),
        at=Servers(imap_host="imap.139.com", smtp_host="smtp.139.com"), login="code",
        connections=1, per_minute=5, per_day=100, recipients=50, size_mb=20,
        sources=(
            _read("servers by the usual pattern, not verified", *_SOCKETS, "login"),
            _chosen("connections", "per_minute", "per_day", "recipients", "size_mb"),
        ),
    ),
)  # fmt: skip

OWN_SERVER = Provider(
    key="own", name="a server of the office's own (Dovecot, Postfix and the like)",
    at=Servers(imap_host="imap.{domain}", smtp_host="smtp.{domain}"),
    connections=4, per_minute=None, per_day=None, recipients=None, size_mb=None,
    sources=(
        Source(covers=("at", "connections"), where="usual names; Postfix takes 50 connections a client "
               "(postfix.org/anvil.8.html, smtpd_client_connection_count_limit)", seen=_TRIED),
    ),
)  # fmt: skip
"""What holds where no provider is recognised."""
