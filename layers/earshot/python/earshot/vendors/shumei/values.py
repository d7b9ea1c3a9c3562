"""Words of the vendor's that its generations have in common, and how a list of them is checked.

Values marked "newer" came after the v2 page's revision of 2023-09-06.
"""

from typing import Literal

Cluster = Literal["sh", "gg", "xjp"]
# fmt: off
Lang = Literal[
    "zh", "en", "ar",
    "hi", "es", "fr", "ru", "pt", "id", "de", "ja", "tr", "vi", "it", "th", "tl", "ko", "ms", "auto",  # newer
]
# fmt: on

TYPES = frozenset(
    {"EROTIC", "DIRTY", "ADVERT", "AUDIOPOLITICAL", "POLITY", "MOAN", "ANTHEN", "MINOR", "BANEDAUDIO"}
)
NEWER_TYPES = frozenset({"BAN", "VIOLENT", "ADLAW", "COPYRIGHTSONGS"})
BUSINESS_TYPES = frozenset({"SING", "AGE", "LANGUAGE", "GENDER", "TIMBRE", "VOICE", "AUDIOSCENE"})
SEGMENT_S = 10
LONGEST_STEP = 36
"""Of ``audioDetectStep``."""
USUAL_FREQUENCY_S, LONGEST_FREQUENCY_S = 3, 60
"""Of a video stream's ``detectFrequency``."""
NEEDS_GENDER = frozenset({"TIMBRE", "SING", "LANGUAGE"})


def joined(known: frozenset[str], value: str | None) -> str | None:
    """Words that are joined with ``_``, each of them known."""
    unknown = [part for part in (value or "").split("_") if part not in known] if value is not None else []
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown) or 'empty'}; known: {', '.join(sorted(known))}")
    return value


def with_gender(known: frozenset[str], value: str | None) -> str | None:
    """The same; timbre, singing and language are told with the gender only (V4 pages, businessType)."""
    words = set((joined(known, value) or "").split("_"))
    if words & NEEDS_GENDER and "GENDER" not in words:
        raise ValueError(f"{', '.join(sorted(words & NEEDS_GENDER))} need GENDER beside them")
    return value
