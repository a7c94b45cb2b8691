"""Which language a text is in, told by its commonest words. Pure; good enough for a sentence or two."""

import re

_WORDS = {
    "en": "the and is are was to of in that it for on with you have not this be will at by from or an has they we",
    "de": "der die das und ist nicht ein eine zu von mit dem den auf für es im wird sich auch am um hat als wir sie",
    "fr": "le la les et est une un des du de que pour dans pas sur avec il elle au ce sont nous vous être à en",
    "es": "el la los las y es una un de que por para con no se del al está son su lo en como más",
}
LANGUAGES = (*_WORDS, "ja")
_KANA = re.compile(r"[\u3040-\u30ff]")
_CODE_AND_LINKS = re.compile(r"```.*?```|`[^`]*`|\]\([^()]*\)|https?://\S+", re.DOTALL)


def detect(text: str) -> str | None:
    """One of LANGUAGES; None when no word tells."""
    text = _CODE_AND_LINKS.sub(" ", text)
    if _KANA.search(text):
        return "ja"
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {name: sum(word in common.split() for word in words) for name, common in _WORDS.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else None
