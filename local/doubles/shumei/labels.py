"""Labels of V4: the strings ``riskLabel1`` to ``riskLabel3`` of a scenario's risk type.

No list of them is published. Those that the pages' samples show are used as they are; every other one is invented
(``risk_340``): opaque, as a caller must take them.
"""

from __future__ import annotations

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.shumei.codes import RISKS

OTHER = 700
OWN_LIST = 900
MINOR = 520
SEEN = {
    100: ("politics", "shezheng", "shezheng"),
    110: ("violence", "risk_110", "risk_110"),
    200: ("porn", "risk_200", "risk_200"),
    210: ("abuse", "risk_210", "risk_210"),
    300: ("ad", "ad", "ad"),
    MINOR: ("minor", "weichengnianren", "weichengnianren"),
}
CONTACT = ("ad", "lianxifangshi", "lianxifangshi")
CONTACT_NAME = "广告:联系方式:联系方式"
NORMAL = {"zh": "正常", "en": "normal"}
OWN = {"zh": "命中自定义名单", "en": "custom list"}
NO_RISK, BY_TEXT, BY_IMAGE, BY_SOUND = 1000, 1001, 1002, 1003


def risk_type(line: Line | None) -> int:
    """Shumei's v2 number of what was said; 0 for nothing bad."""
    if line is None or line.risk_level == "PASS":
        return 0
    return OTHER if line.risk_type is None else line.risk_type


def labels(line: Line | None, language: str) -> Json:
    """``riskLabel1`` to ``riskLabel3`` and ``riskDescription``; ``language`` is ``acceptLang``."""
    number = risk_type(line)
    if line is None or number == 0:
        return _labels(("normal", "", ""), NORMAL[language])
    if number == 300 and line.matched_item:
        return _labels(CONTACT, CONTACT_NAME if language == "zh" else ":".join(CONTACT))
    three = SEEN.get(number, (f"risk_{number}",) * 3)
    return _labels(three, _description(line, number, three, language))


def verdict(line: Line | None, language: str) -> Json:
    """Level and labels."""
    return {"riskLevel": line.risk_level if line else "PASS"} | labels(line, language)


def matched(line: Line | None, text: str) -> list[Json]:
    """Lists that were hit, each word with the places of its characters in the text, from 0."""
    if line is None or not line.matched_item:
        return []
    starts = text.find(line.matched_item)
    places = list(range(starts, starts + len(line.matched_item))) if starts >= 0 else []
    return [{"name": line.matched_list or "", "words": [{"word": line.matched_item, "position": places}]}]


def source(line: Line | None, otherwise: int) -> int:
    """``riskSource``: none, text, or what is left (the sound, the picture)."""
    if risk_type(line) == 0 or line is None:
        return NO_RISK
    return line.risk_source or (BY_TEXT if line.text else otherwise)


def _labels(three: tuple[str, ...], description: str) -> Json:
    named = {f"riskLabel{place}": label for place, label in enumerate(three, 1)}
    return named | {"riskDescription": description}


def _description(line: Line, number: int, three: tuple[str, ...], language: str) -> str:
    if line.risk_desc:
        return line.risk_desc
    if number == OWN_LIST:
        return OWN[language]
    return ":".join([RISKS.get(number, RISKS[OTHER])] * 3 if language == "zh" else three)
