"""What a person says of a list of proposals: `全部同意` · `1、3 同意，2 不同意：理由` · `approve 1, 3; decline 2`."""

from collections.abc import Collection

from maild.domain.numbered import Numbered, Said, read_numbered

_SAID = Said(
    yes=r"(?:同意|批准|准|已发放|已支付|发放|approved?|agreed?|paid)",
    no=r"(?:不同意|不批准|不准|驳回|declined?|rejected?|disagree)",
    bare_no=True,
    reasons=True,
)


def read_ruling(text: str, numbers: Collection[int]) -> Numbered | None:
    """Which proposals are approved or paid (yes) and which declined (no, with its reason); a bare word means all."""
    return read_numbered(text, numbers, _SAID)
