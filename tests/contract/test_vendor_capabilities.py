"""What a vendor states that it hears is what its client sends, and what the table in the docs says."""

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from earshot import http_client
from earshot.errors import BadInput
from earshot.platforms.registry import PLATFORMS
from earshot.vendors import registry

from operations import vendor_table
from tests.contract.vendor_rooms import settings, submission
from tests.contract.vendor_samples import VENDORS


class Called(Exception):
    """The vendor would have been asked."""


def products() -> Iterator[Any]:
    for name in registry.names():
        for options in VENDORS[name].options:
            for platform in PLATFORMS:
                yield pytest.param(
                    name, options, platform, id=f"{name}-{json.dumps(options)[:40]}-{platform}"
                )


@pytest.mark.parametrize(("name", "options", "platform"), list(products()))
def test_it_submits_rooms_that_it_hears_and_names_the_platform_that_it_does_not(
    name: str, options: dict[str, Any], platform: str
) -> None:
    checked = registry.check_options(name, "room_mixed", options)
    wanted = submission(name, options, platform)
    client = registry.client(name, lambda _: "https://vendor.example.com", settings())
    with patch.object(http_client, "call", side_effect=Called):
        expected = Called if registry.hears(name, platform, checked) else BadInput
        with pytest.raises(expected) as raised:
            client.submit(wanted)
    if isinstance(raised.value, BadInput):
        assert raised.value.field == "platform"


@pytest.mark.parametrize("name", registry.names())
def test_every_choice_of_options_is_one_product(name: str) -> None:
    for options in VENDORS[name].options:
        checked = registry.check_options(name, "room_mixed", options)
        chosen = [
            one
            for one in registry.capabilities(name)
            if all(checked.get(field) == value for field, value in one.chosen_by.items())
        ]
        assert len(chosen) == 1


@pytest.mark.parametrize("name", registry.names())
def test_it_names_platforms_and_media_that_there_are(name: str) -> None:
    for one in registry.capabilities(name):
        assert one.platforms.keys() <= PLATFORMS.keys()
        assert one.media
        assert set(one.media) <= {"audio", "image"}
        assert all(fact.said for fact in (one.results, one.finish, one.dedupe, one.renewal, one.human_review))


def test_the_table_in_the_docs_is_of_now() -> None:
    assert vendor_table.TABLE.read_text("utf-8") == vendor_table.table(), "python -m operations.vendor_table"
