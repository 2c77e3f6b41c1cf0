"""A PDF without what tells who made it (ISO 32000-1): its pages are taken over, and nothing of what stood around them.

Information dictionary, XMP, attached files, scripts, forms, signatures and earlier versions stay behind with the old
file; comments lose their authors, pictures the properties that cameras write.
"""

import io
import logging
from collections.abc import Iterator
from contextlib import suppress

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, StreamObject

from maild.adapters.bareimage import bare_jpeg
from maild.domain.cleaned import How, Uncleanable

_TELLS = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/AF", "/JS", "/OPI", "/Author", "/Creator", "/StructParents",
    "/StructParent", "/Thumb",
)  # fmt: skip
_COMMENTS = ("/T", "/NM", "/M", "/CreationDate", "/Subj", "/Popup", "/RC", "/IRT", "/A", "/Parent")
_KEPT_ANNOTATIONS = frozenset({
    "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Stamp", "/Ink",
})  # fmt: skip
_PAGES = 40
_MOST_OBJECTS = 100_000


def bare_pdf(data: bytes) -> tuple[bytes, str]:
    """The pages as they are seen, and their words; `Uncleanable` where it is locked or holds what cannot be cleaned."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it may quote the file
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Uncleanable(How.LOCKED)
    if "/OCProperties" in reader.root_object:
        # What a layer hides would be seen.
        raise Uncleanable(How.UNKNOWN)
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    for one in _objects(writer):
        _strip(one)
    for page in writer.pages:
        _comments(page)
    writer.metadata = None
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue(), "\n".join(page.extract_text() for page in writer.pages[:_PAGES])


def _objects(writer: PdfWriter) -> Iterator[DictionaryObject]:
    """Every dictionary and stream that the pages reach."""
    seen: set[int] = set()
    left: list[PdfObject] = list(writer.pages)
    while left:
        one = left.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            one = one.get_object() or ArrayObject()
        if len(seen) > _MOST_OBJECTS:
            raise Uncleanable(How.TOO_LARGE)
        if isinstance(one, DictionaryObject):
            yield one
            left.extend(value for name, value in one.items() if name != "/Parent")
        elif isinstance(one, ArrayObject):
            left.extend(one)


def _strip(one: DictionaryObject) -> None:
    for name in _TELLS:
        if name in one:
            del one[name]
    if isinstance(one, StreamObject):
        filters = one.get("/Filter")
        names = filters if isinstance(filters, list) else [filters]
        if "/JPXDecode" in names:
            raise Uncleanable(How.UNKNOWN)
        if names == ["/DCTDecode"]:
            one._data = bare_jpeg(one._data)  # as it lies there: set_data would encode it anew
        elif "/DCTDecode" in names:
            raise Uncleanable(How.UNKNOWN)


def _comments(page: DictionaryObject) -> None:
    """What a comment says stays; who made it, links to places on a disk, attached files and fields do not."""
    found = page.get("/Annots")
    known = found.get_object() if found is not None else None
    if not isinstance(known, ArrayObject):
        return
    kept = ArrayObject()
    for entry in known:
        one = entry.get_object()
        if isinstance(one, DictionaryObject) and one.get("/Subtype") == "/Widget":
            # A form that is filled in: without its fields it would say something else.
            raise Uncleanable(How.UNKNOWN)
        if isinstance(one, DictionaryObject) and one.get("/Subtype") in _KEPT_ANNOTATIONS:
            for name in _COMMENTS:
                with suppress(KeyError):
                    del one[name]
            kept.append(entry)
    page[NameObject("/Annots")] = kept
