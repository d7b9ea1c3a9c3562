"""``riskType`` of the v2 page to our labels. 340 is newer than the seed."""

from earshot.domain.verdict import Label

RISK_TYPES = {
    100: Label.POLITICS,
    110: Label.TERROR,
    200: Label.SEXUAL,
    210: Label.ABUSE,
    250: Label.MOAN,
    260: Label.LEADER_VOICE,
    270: Label.VOICE_ATTRIBUTE,
    280: Label.BANNED_SONG,
    300: Label.ADVERT,
    340: Label.FRAUD,
    400: Label.FLOODING,
    500: Label.MEANINGLESS,
    520: Label.MINOR,
    600: Label.PROHIBITED,
    700: Label.OTHER,
    720: Label.BLOCKED_ACCOUNT,
    730: Label.BLOCKED_IP,
    800: Label.RISKY_ACCOUNT,
    900: Label.CUSTOM,
}
NORMAL = 0


def label_of(risk_type: int | str) -> Label:
    """Our label; a code that the page does not list is UNKNOWN, and kept."""
    return RISK_TYPES.get(risk_type, Label.UNKNOWN) if isinstance(risk_type, int) else Label.UNKNOWN
