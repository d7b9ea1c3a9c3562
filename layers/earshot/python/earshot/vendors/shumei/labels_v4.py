"""``riskLabel1`` of the V4 pages to our labels. No page lists them: here is what their samples show."""

from earshot.domain.verdict import Label

RISK_LABELS = {
    "politics": Label.POLITICS,
    "violence": Label.TERROR,
    "porn": Label.SEXUAL,
    "abuse": Label.ABUSE,
    "ad": Label.ADVERT,
    "minor": Label.MINOR,
}
NORMAL = "normal"


def label_of(risk_label: str) -> Label:
    """Our label. As there is no list that one could be missing from, any other is OTHER, and kept."""
    return RISK_LABELS.get(risk_label, Label.OTHER)
