"""A picture without where, when, with what and by whom it was taken: its points are written anew and nothing else.

EXIF, GPS, XMP, IPTC, comments, colour profiles, thumbnails and what was appended behind the picture all stay behind.
"""

import io

from PIL import Image, ImageOps

from maild.domain.cleaned import How, Uncleanable

MOST_POINTS = 60_000_000
_WRITTEN_AS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "GIF", "BMP": "BMP", "WEBP": "WEBP", "TIFF": "TIFF"}
"""MPO is what telephones make: a JPEG with a second picture behind it."""
_FRAMES = frozenset({"MPO"})
"""Formats of which the first picture is the whole."""
_QUALITY = 92


def bare_image(data: bytes) -> bytes:
    """The picture as it is seen, turned upright; `Uncleanable` where it is none or moves."""
    with Image.open(io.BytesIO(data)) as opened:
        kind = _WRITTEN_AS.get(opened.format or "")
        if kind is None or (getattr(opened, "n_frames", 1) > 1 and opened.format not in _FRAMES):
            raise Uncleanable(How.UNKNOWN)
        if opened.width * opened.height > MOST_POINTS:
            raise Uncleanable(How.TOO_LARGE)
        upright = ImageOps.exif_transpose(opened)
        clear = upright.info.get("transparency")
        bare = upright.copy()
    bare.info = {} if clear is None else {"transparency": clear}
    made = io.BytesIO()
    if kind in {"JPEG", "WEBP"}:
        bare.save(made, kind, quality=_QUALITY)
    else:
        bare.save(made, kind)
    return made.getvalue()


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG stream as it stands in a PDF, without the segments that tell of its origin; no point changes (T.81, B.1).

    What does not begin as a JPEG does comes back as it is.
    """
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark == 0xDA:
            break
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at:end]
        tells = (0xE1 <= mark <= 0xEF and mark not in {0xE2, 0xEE}) or mark == 0xFE
        if not tells and not (mark == 0xE2 and not segment[4:].startswith(b"ICC_PROFILE")):
            kept.append(segment)
        at = end
    end = data.rfind(b"\xff\xd9")
    return b"".join(kept) + data[at : end + 2 if end > at else len(data)]
