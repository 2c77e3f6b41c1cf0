"""Numbers that prove themselves: identity numbers (GB 11643) and bank cards (ISO/IEC 7812)."""

import re
from datetime import date

_PROVINCES = frozenset(map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
                                 *range(61, 66), 71, 81, 82, 83, 91)))  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CARD = re.compile(
    r"62\d{14,17}|4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|35\d{14}"
)
"""UnionPay, Visa, Mastercard, American Express, JCB."""


def is_identity(number: str) -> bool:
    """18 places: a province, a day of birth, and the check digit of ISO 7064 MOD 11-2."""
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII) or number[:2] not in _PROVINCES:
        return False
    sum_ = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _is_day(number[6:14]) and _CHECKS[sum_ % 11] == number[17]


def is_meant(number: str) -> bool:
    """What is an identity number where a word says so: the 15 places of before 2000, or 18 with a wrong check digit."""
    old = bool(re.fullmatch(r"\d{15}", number, re.ASCII)) and number[:2] in _PROVINCES and _is_day(f"19{number[6:12]}")
    return old or (bool(re.fullmatch(r"\d{17}[\dX]", number, re.ASCII)) and _is_day(number[6:14]))


def is_card(number: str) -> bool:
    """A card number by its beginning, its length and its Luhn digit."""
    if not _CARD.fullmatch(number):
        return False
    digits = [int(digit) for digit in reversed(number)]
    return sum(d if at % 2 == 0 else (2 * d) // 10 + (2 * d) % 10 for at, d in enumerate(digits)) % 10 == 0


def _is_day(written: str) -> bool:
    try:
        born = date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return False
    return 1880 <= born.year <= 2100
