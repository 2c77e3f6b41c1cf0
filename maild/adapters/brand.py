"""How one mailbox looks ([mailbox.identity]): its own templates folder and its logo, checked when read."""

from hashlib import sha256
from pathlib import Path

from maild.adapters.templates import JinjaTemplates
from maild.errors import Misconfigured
from maild.mail.compose import Picture
from maild.settings import Identity

LOGO_BYTES = 100 * 1024
"""The logo goes along with every letter to the outside."""
_KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


def read_brand(identity: Identity, office: Path | None) -> tuple[JinjaTemplates, Picture | None]:
    """The letters and the logo of a mailbox; `Misconfigured` with the file and the mend."""
    brand = identity.templates
    if brand is not None and not brand.is_dir():
        raise Misconfigured(f"{brand}: there is no such folder; make it, or correct templates in [mailbox.identity].")
    return JinjaTemplates(office=office, brand=brand), _logo(identity.logo) if identity.logo else None


def _logo(path: Path) -> Picture:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path}: the logo cannot be read; correct logo under [mailbox.identity].") from error
    kind = next((kind for mark, kind in _KINDS if content.startswith(mark)), None)
    if kind is None:
        raise Misconfigured(f"{path}: this is no PNG, JPEG or GIF; save the logo as one of these.")
    if len(content) > LOGO_BYTES:
        raise Misconfigured(f"{path}: the logo has {len(content) // 1024} KB; make it smaller than 100 KB.")
    return Picture(cid=f"{sha256(content).hexdigest()[:16]}@logo", content_type=kind, content=content)
