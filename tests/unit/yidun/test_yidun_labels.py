"""The vendor's code tables, as its page prints them."""

import pytest
from earshot.domain.verdict import Label
from earshot.vendors.yidun.labels import LABELS, SPAM_TYPES, label_of, spam_label_of

FIRST = {
    "sexual": [100, 110],
    "advert": [200, 210, 260],
    "terror": [300],
    "prohibited": [400],
    "politics": [500],
    "abuse": [600],
    "flooding": [700],
    "other": [800, 900, 1100],
    "meaningless": [1020, 1030, 1040, 1050],
}
SPAM = {
    "sexual": [100, 115, 116],
    "moan": [121, 122],
    "advert": [200, 211, 212],
    "terror": [300],
    "prohibited": [400],
    "politics": [500, 511, 512, 513, 514, 515, 516, 517],
    "other": [800, 826, 827, 828, 1000, 1027],
    "meaningless": [1023, 1030],
    "custom": [1050],
}
SUB_LABELS = {
    "sexual": range(100001, 100009),
    "advert": range(200009, 200013),
    "terror": [300016],
    "prohibited": [400017],
    "politics": range(500013, 500016),
    "abuse": [600018],
    "flooding": [700019],
    "other": [900020],
}


def test_every_first_level_label() -> None:
    expected = {code: Label(name) for name, codes in FIRST.items() for code in codes}
    assert expected == LABELS
    assert {code: label_of(code) for code in expected} == expected


def test_every_spam_type() -> None:
    expected = {code: Label(name) for name, codes in SPAM.items() for code in codes}
    assert expected == SPAM_TYPES
    assert {code: spam_label_of(code) for code in expected} == expected


def test_every_sub_label_is_of_its_label() -> None:
    for name, codes in SUB_LABELS.items():
        for code in codes:
            assert label_of(4711, str(code)) is Label(name)


def test_a_label_goes_before_its_sub_label() -> None:
    assert label_of(600, "100001") is Label.ABUSE


@pytest.mark.parametrize(
    ("code", "sub_code"),
    [
        (4711, None),
        ("ours", ""),
        (100.5, "1"),
        (-1, "100"),
        (4711, "4711001"),
        (1, "9" * 5_000),
        (1, "１００００１"),
    ],
)
def test_what_is_in_no_table_is_unknown(code: int | float | str, sub_code: str | None) -> None:
    assert label_of(code, sub_code) is Label.UNKNOWN


def test_codes_of_censor_labels_are_looked_for_in_both_tables() -> None:
    assert (spam_label_of(110), spam_label_of(4711)) == (Label.SEXUAL, Label.UNKNOWN)
