"""Mails that hold no text for us: encrypted ones, and pictures or recordings sent instead of words (casework 2)."""

import re
from collections.abc import Sequence

from maild.domain.message import Attachment, Locked, Wordless
from maild.mail.cms import ENVELOPED, kind_of
from maild.mail.mime import Part
from maild.mail.parts import file_name, is_attachment, leaves

_PGP = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)
_PGP_BLOCK = re.compile(r"-----BEGIN PGP MESSAGE-----.*?(?:-----END PGP MESSAGE-----|\Z)", re.DOTALL)
_SMIME = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_NO_WORDS = re.compile(
    r"\[(?:cid|image|图片|圖片|inline image|photo|照片|截图)[^\]\n]{0,200}\]|<image[^>\n]{0,100}>|[\s\ufffc\ufeff]+",
    re.IGNORECASE,
)
_LOGO = 12 << 10
"""Bytes up to which a picture that is shown within the text is a logo of the signature."""
_SHORT = 20
_SIGNATURE_ONLY = 300
"""Characters that a mail may have whose author wrote nothing but a signature."""


def locked(root: Part, fresh: str) -> Locked | None:
    """Why the mail cannot be read; None for one that can, and where a person's words stand beside what is locked."""
    if len(_PGP_BLOCK.sub("", fresh).strip()) < _SHORT and _PGP.search(fresh):
        return Locked.PGP
    for leaf in leaves(root):
        if _is_rights_managed(leaf):
            return Locked.RMS
        if len(fresh.strip()) >= _SHORT:
            continue
        if leaf.media == "application/pgp-encrypted":
            return Locked.PGP
        if leaf.media in _SMIME and kind_of(leaf.content.parameters.get("smime-type", ""), leaf.data()) == ENVELOPED:
            return Locked.SMIME
    return None


def _is_rights_managed(leaf: Part) -> bool:
    return leaf.media == "application/x-microsoft-rpmsg-message" or file_name(leaf).lower() == "message.rpmsg"


def wordless(root: Part, fresh: str, text: str, attachments: Sequence[Attachment]) -> Wordless | None:
    """What a mail consists of whose author wrote no word; None where there are words, or nothing at all."""
    if _NO_WORDS.sub("", fresh) or len(_NO_WORDS.sub("", text)) > _SIGNATURE_ONLY:
        return None
    logos = {file_name(leaf) for leaf in leaves(root) if is_attachment(leaf) and _is_logo(leaf)}
    kinds = {one.content_type.partition("/")[0] for one in attachments if one.filename not in logos or not one.filename}
    if kinds - {"image", "audio", "video"} or not kinds:
        return None
    if "audio" in kinds:
        return Wordless.VOICE
    return Wordless.VIDEO if "video" in kinds else Wordless.PICTURE


def _is_logo(leaf: Part) -> bool:
    shown = bool(leaf.get("content-id")) or leaf.disposition.value == "inline"
    return leaf.media.startswith("image/") and shown and leaf.body.end - leaf.body.start < _LOGO * 4 // 3
