"""The vendor's labels to ours: those of the moderation task as a reseller's page lists them (the vendor's own could
not be read), and the one number that a page of the vulgar task shows.

A label that is in none of these tables is UNKNOWN, and kept.
"""

from earshot.domain.verdict import Label
from earshot.vendors.tupu.tasks import TASKS

MODERATION = {
    "terror": Label.TERROR,
    "porn": Label.SEXUAL,
    "politics": Label.POLITICS,
    "sensitive": Label.OTHER,  # to whom or what is not said
    "ads": Label.ADVERT,
    "abuse": Label.ABUSE,
    "nosense": Label.FLOODING,
    "userdefine": Label.CUSTOM,
}
VULGAR = {"1": Label.SEXUAL}
"""Of the vulgar task's numbers, 1 is that of the page's example; the table could not be read."""


def label_of(task: str, vendor_code: str) -> Label:
    """Our label of ``vendor_code`` (``label``, or ``mainLabel/subLabel``); ``task`` is the vendor's id."""
    table = VULGAR if task == TASKS["vulgar"] else MODERATION
    return table.get(vendor_code.partition("/")[0].lower(), Label.UNKNOWN)
