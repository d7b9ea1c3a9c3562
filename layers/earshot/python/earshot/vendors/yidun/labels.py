"""The vendor's codes to our labels: tables of the live audio v4 page, its audio sub-labels and its human review.

A customer may have labels of its own, and the whole tree can be asked for (page 标签列表): a code that is in none of
these tables is UNKNOWN, and kept.
"""

from earshot.domain.verdict import Label

NORMAL = 0
LABELS = {
    100: Label.SEXUAL,
    110: Label.SEXUAL,  # sexy, vulgar
    200: Label.ADVERT,
    210: Label.ADVERT,  # a QR code
    260: Label.ADVERT,  # against advertising law
    300: Label.TERROR,
    400: Label.PROHIBITED,
    500: Label.POLITICS,
    600: Label.ABUSE,
    700: Label.FLOODING,
    800: Label.OTHER,  # disgusting
    900: Label.OTHER,
    1020: Label.MEANINGLESS,  # a black screen
    1030: Label.MEANINGLESS,  # idling
    1040: Label.MEANINGLESS,  # a dead microphone
    1050: Label.MEANINGLESS,  # noise
    1100: Label.OTHER,  # values
}
"""First-level ``label``."""

SPAM_TYPES = {
    100: Label.SEXUAL,
    115: Label.SEXUAL,  # vulgar music
    116: Label.SEXUAL,  # vulgar words
    121: Label.MOAN,
    122: Label.MOAN,  # ASMR
    200: Label.ADVERT,
    211: Label.ADVERT,
    212: Label.ADVERT,  # a competitor is named
    300: Label.TERROR,
    400: Label.PROHIBITED,
    500: Label.POLITICS,
    511: Label.POLITICS,
    512: Label.POLITICS,  # cults, superstition
    513: Label.POLITICS,
    514: Label.POLITICS,
    515: Label.POLITICS,  # anthems and solemn songs
    516: Label.POLITICS,
    517: Label.POLITICS,
    800: Label.OTHER,  # uncivil
    826: Label.OTHER,
    827: Label.OTHER,
    828: Label.OTHER,  # privacy
    1000: Label.OTHER,
    1023: Label.MEANINGLESS,
    1027: Label.OTHER,
    1030: Label.MEANINGLESS,
    1050: Label.CUSTOM,
}
"""``spamType`` of a human review: some codes mean something else than the same ``label``."""


def label_of(code: int | float | str, sub_code: str | None = None) -> Label:
    """Our label of a machine's hit; a sub-label begins with the digits of its label (100003 is of 100)."""
    found = LABELS.get(code) if isinstance(code, int) else None
    if found is None and sub_code and len(sub_code) in {6, 7} and sub_code.isascii() and sub_code.isdecimal():
        found = LABELS.get(int(sub_code[:-3]))
    return found or Label.UNKNOWN


def spam_label_of(code: int | float | str) -> Label:
    """Our label of a reviewer's. ``censorLabels`` have no table: taken for ``spamType``, then for ``label``
    (unconfirmed)."""
    return (SPAM_TYPES.get(code) if isinstance(code, int) else None) or label_of(code)
