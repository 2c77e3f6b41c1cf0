"""Where a client begins the older mail: a separator line, or a block of From, Sent, To, Subject in its language."""

import re
from dataclasses import dataclass
from functools import lru_cache

_LABELS: dict[str, str] = {
    ("from"): (
        "from 发件人 发信人 寄件者 寄件人 發件人 von de da fra från van od отправитель от lähettäjä "
        "gönderen kimden feladó "
        "expéditeur remitente mittente absender afzender 差出人 送信者 보낸사람 보낸이 từ pengirim dari"
    ),
    ("date"): (
        "date sent 发送时间 发送日期 日期 时间 寄件日期 傳送時間 發送時間 發送日期 收件日期 gesendet "
        "datum envoyé dateenvoyée envoye "
        "enviado enviadael enviadoem enviadaem enviadoel enviada fecha data inviato sendt dato skickat "
        "verzonden wysłano data дата отправлено "
        "lähetetty päivämäärä tarih gönderildi elküldve odesláno odoslané dátum 日付 送信日時 보낸날짜 "
        "날짜 ngày dikirim tanggal datesent"
    ),
    ("to"): (
        "to 收件人 收信人 收件者 an à a para destinataire destinatario til till aan do кому vastaanottaja "
        "kime komu címzett "
        "宛先 받는사람 받는이 đến kepada empfänger"
    ),
    ("subject"): (
        "subject 主题 主旨 標題 标题 主題 betreff objet asunto assunto oggetto emne ämne onderwerp temat "
        "тема aihe konu "
        "předmět predmet tárgy 件名 제목 chủđề perihal subjek"
    ),
    ("cc"): (
        "cc 抄送 抄送至 抄送人 副本 copie copia kopi kopia kopie dw копия kopio kópia másolat 참조 bcc "
        "replyto reply-to organization "
        "importance 重要性 附件 attachments 会话 conversation"
    ),
}
FIELDS: dict[str, str] = {label: field for field, labels in _LABELS.items() for label in labels.split()}

_LINE = re.compile(r"^[\s>|*_•]{0,8}([^\s:：|*<>][^:：|*<>\n]{0,18}?)[\s*]{0,4}(?:[:：]|[|](?=.*[|]))[\s*]{0,4}(.*)$")
_SPACES = re.compile(r"[\s\u3000*]+")
_TIME = re.compile(r"\d{1,2}\s?[:：.h時时点]\s?\d{2}|\b(?:19|20)\d\d\b")
_RULE = re.compile(r"^[\s>]{0,4}[-_=*—─－]{5,}\s*$")
_NAMES = (
    r"original(?: (?:e-?)?(?:message|mail|appointment|text))?|reply message|replied message|"
    r"forwarded (?:message|mail|by.{0,60})|"
    r"begin forwarded message|原始邮件|邮件原件|原始郵件|原始信件|原邮件|原文|回复的原邮件|回复原邮件|"
    r"转发的?邮件|转发的?邮件信息|轉寄郵件|"
    r"被转发邮件|邮件信息|ursprüngliche nachricht|urspr.ngliche nachricht|original[- ]?nachricht|"
    r"weitergeleitete nachricht|"
    r"antwort nachricht|message d['’]origine|message original|message (?:transf[ée]r[ée]|transmis)|"
    r"mensaje original|"
    r"mensaje reenviado|mensagem original|mensagem encaminhada|messaggio originale|messaggio inoltrato|"
    r"oorspronkelijk bericht|doorgestuurd bericht|oprindelig (?:meddelelse|besked)|"
    r"videresendt (?:meddelelse|"
    r"besked|melding)|"
    r"ursprungligt meddelande|original ?meddelande|vidarebefordrat meddelande|opprinnelig melding|"
    r"alkuperäinen viesti|"
    r"wiadomość oryginalna|oryginalna wiadomość|przekazana wiadomość|původní zpráva|pôvodná správa|"
    r"исходное сообщение|"
    r"пересланное сообщение|пересылаемое сообщение|конец пересылаемого сообщения|"
    r"переслане повідомлення|"
    r"元のメッセージ|転送メッセージ|original mail|원본 메시지|eredeti üzenet|mesaj original|"
    r"orijinal mesaj|özgün ileti|"
    r"izvorna poruka|thư gốc|tin nhắn gốc"
)
_DASHED = re.compile(
    rf"^[\s>]{{0,4}}[-=_*—─－~+·]{{2,}}\s*(?:{_NAMES})\s*[:：]?\s*[-=_*—─－~+·]{{0,200}}\s*$", re.IGNORECASE
)
_TITLE = re.compile(rf"^[\s>*]{{0,4}}(?:{_NAMES})\s*[:：]?\s*$", re.IGNORECASE)
_BARE = re.compile(
    (
        r"^[\s>*]{0,4}(?:begin forwarded message|下面是被转发的邮件|下面是被轉寄的郵件|开始转发的邮件|"
        r"以下是转发的邮件|以下是轉寄的郵件|"
        r"anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|transféré)|"
        r"inizio messaggio inoltrato|"
        r"inicio del mensaje reenviado|início da mensagem (?:reencaminhada|encaminhada)|"
        r"begin doorgestuurd bericht|"
        r"vidarebefordrat brev|start på videresendt (?:besked|e-mail)|"
        r"\[?original message processed by david\]?)\s*[:：]?\*?\s*$"
    ),
    re.IGNORECASE,
)
_ABOVE = re.compile(
    (
        r"(?:reply above this line|type your reply above|write above this line|请在此(?:线|行|"
        r"分割线)(?:以上|之上|上方)(?:回复|答复)|"
        r"antworten sie (?:bitte )?oberhalb dieser)"
    ),
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"^[\s>]{0,4}[-—]{3,}\s?[^\s-].{0,50}[-—]{3,}\s*$")
_DRAWN = "-_=*—─－~+·> \t"
_SPAN = 30


@dataclass(frozen=True)
class Block:
    """A header block: its last line, and whether it stands for a sent mail rather than for a memo's own head."""

    end: int
    sent: bool


def header_field(line: str) -> tuple[str, str]:
    """The field that a line such as `发件人：王` names and its value; two empty strings for any other line."""
    return _field(line[:300])


@lru_cache(maxsize=4096)
def _field(line: str) -> tuple[str, str]:
    match = _LINE.match(line)
    if match is None:
        return "", ""
    field = FIELDS.get(_SPACES.sub("", match[1]).lower(), "")
    return (field, match[2]) if field else ("", "")


def is_title(line: str) -> bool:
    """Whether the line says 原始邮件 and nothing else; it counts only above a header block."""
    return bool(_TITLE.match(line[:300]))


def is_rule(line: str) -> bool:
    """Whether the line is drawn, not written."""
    return bool(_RULE.match(line[:300]))


def is_separator(lines: list[str], index: int) -> bool:
    """Whether the line at `index` says that an older mail follows."""
    line = lines[index][:300]
    if not line.strip(_DRAWN):
        return False
    if _DASHED.match(line) or _BARE.match(line) or (index > 0 and _ABOVE.search(line)):
        return True
    return bool(_UNKNOWN.match(line)) and any(header_field(one)[0] for one in lines[index + 1 : index + 4])


def header_block(lines: list[str], index: int) -> Block | None:
    """The header block that begins at `index`, if there is one."""
    if not header_field(lines[index])[0]:
        return None
    found, end = _collect(lines, index)
    return Block(end, _sent(found)) if _complete(found) else None


def _collect(lines: list[str], index: int) -> tuple[dict[str, str], int]:
    """Fields from `index` on; blank lines and folded values may stand between them."""
    found: dict[str, str] = {}
    last, end, slack = "cc", index, 1.0
    for at in range(index, min(len(lines), index + _SPAN)):
        field, content = header_field(lines[at])
        if field:
            found[field] = found.get(field, "") + " " + content
            last, end, slack = field, at, 1.5 if content.strip() else 2.75
            continue
        slack -= _distance(lines[at])
        if slack < 0:
            break
        found[last] = found.get(last, "") + " " + lines[at][:200]
    return found, end


def _distance(line: str) -> float:
    """How far a line that is no field leads away from the block: a blank little, a folded address not at all."""
    text = line.strip()
    if not text:
        return 0.25
    return 0.0 if "@" in text or text.endswith((";", ",", "；", "<")) else 1.0


def _complete(found: dict[str, str]) -> bool:
    fields = set(found) - {"cc"}
    if len(fields) >= 3 and "from" in fields:
        return True
    if {"from", "date"} <= fields or {"date", "to"} <= fields:
        return bool(re.search(r"\d", found["date"]))
    return {"from", "to"} <= fields and "@" in found["from"] and "@" in found["to"]


def _sent(found: dict[str, str]) -> bool:
    values = " ".join(found.values())[:2000]
    return "@" in values or bool(_TIME.search(found.get("date", "")))


_INLINE_LABEL = re.compile(
    (
        r"(?P<from>发件人|寄件者|from|von)|(?P<date>发送时间|发送日期|日期|sent|date|gesendet)|"
        r"(?P<to>收件人|to|an)|(?P<subject>主题|"
        r"subject|betreff)"
    ),
    re.IGNORECASE,
)
_INLINE_FIELD = re.compile(
    rf"(?:^|(?<=[\s>*。.!！])|(?<=[\u4e00-\u9fff>]))(?:{_INLINE_LABEL.pattern})\s?[:：]", re.IGNORECASE
)


def inline_block(line: str) -> int:
    """Where a header block that stands within one line begins; -1 without one."""
    marks = [(one.start(), one.lastgroup) for one in _INLINE_FIELD.finditer(line[:3000])]
    for index, (start, field) in enumerate(marks):
        near = {name for at, name in marks[index : index + 5] if at - start < 500}
        if field in ("from", "date") and {"from", "date"} <= near and len(near) >= 3:
            return start
    return -1
