"""The language of a short text by the scripts it is written in; European languages by their small words."""

import re
from collections.abc import Sequence

from maild.domain.script import is_traditional

_SAMPLE = 20_000
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3041-\u30fa\u30fc-\u30ff]")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)?")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_SCRIPTS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_SMALL_WORDS = {
    "en": (
        "the and is are was were be been have has had of to in for on with this that you your our we it please "
        "will not would can from as at by or but if my me he she they i thanks hello dear regards"
    ),
    "de": (
        "der die das und ist nicht ein eine mit für auf ich wir sie den dem von zu bitte wird haben sind im auch "
        "es bei grüße hallo aber nur noch nach am dass uns ihr ihre"
    ),
    "fr": (
        "le la les et est une des que pour dans vous très mais nous pas je ce sur avec bonjour merci votre du au "
        "aux mon sont cette plus ne qui en par cordialement"
    ),
    "es": (
        "el la los las y es una que para con por no su se del como más pero hola gracias nosotros está estimado lo "
        "al mi muy este"
    ),
    "it": (
        "il lo la gli e è una che per con non si del della sono più come ciao grazie buongiorno di questo nel alla ho"
    ),
    "pt": "o a os as e é uma que para com não se do da dos em por mais como olá obrigado você está na no ao",
    "nl": (
        "de het een en is niet van dat voor met op ik je we zijn te aan bij ook hallo bedankt maar wat er naar groet"
    ),
    "sv": "och att det som en är på för inte med jag vi har till av den om hej tack ett kan du men",
    "da": "og at det som en er på for ikke med jeg vi har til af den om hej tak et kan du men der",
    "pl": "i w nie na się że z do jest to jak dla po od czy ale dziękuję witam pozdrawiam przez",
}
_BY_WORD = {name: frozenset(words.split()) for name, words in _SMALL_WORDS.items()}


def language(text: str) -> str:
    """`zh`, `en`, `ja` or another ISO 639-1 code; "" when nothing can be said.

    Chinese with Latin words in between is Chinese; a Latin text with a few Chinese names in it is not.
    """
    text = _without_addresses(text[:_SAMPLE])
    words = _WORD.findall(text)
    han, kana = len(_HAN.findall(text)), len(_KANA.findall(text))
    if kana > 2 and 10 * kana > han:
        return "ja"
    counts = [(len(pattern.findall(text)), name) for name, pattern in _SCRIPTS]
    most, name = max(counts)
    if most > han and most > 2 * len(words):
        return name
    if han and 2 * han >= len(words):
        return "zh"
    return _european([word.lower() for word in words])


def letter_language(text: str, lang: str) -> str:
    """The language of an answer to this text, whose language is `lang`: zh, zh-Hant or en (casework 8)."""
    if lang and not lang.startswith("zh"):
        return "en"
    return "zh-Hant" if is_traditional(text) else "zh"


def _without_addresses(text: str) -> str:
    """The text without mail and web addresses; by words, because Chinese runs on without a blank."""
    return _LINK.sub(" ", " ".join(word for word in text.split() if "@" not in word[1:-1]))


def _european(words: Sequence[str]) -> str:
    """English unless the small words of another language stand more often."""
    if not words:
        return ""
    counts = {name: sum(1 for word in words if word in small) for name, small in _BY_WORD.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > counts["en"] else "en"
