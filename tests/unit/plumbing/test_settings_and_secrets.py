"""What a deployment must provide: missing things are named, secrets are never shown."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from earshot.errors import Misconfigured, RetryLater
from earshot.secrets import MAX_AGE_MS, Keyring, Secret
from earshot.settings import base_url, require

from tests.unit.support.fakes import Clock
from tests.unit.support.secretsmanager import FakeSecretsManager

BOTH = ("AWSCURRENT", "AWSPREVIOUS")


@pytest.mark.parametrize("environ", [{}, {"TABLE_NAME": ""}, {"TABLE_NAME": "  "}, {"table_name": "x"}])
def test_a_missing_variable_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(Misconfigured) as error:
        require("TABLE_NAME", environ)
    assert error.value.setting == "TABLE_NAME"


def test_the_environment_is_asked_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", " earshot ")
    assert require("TABLE_NAME") == "earshot"


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://rtc-api.zego.im", "https://rtc-api.zego.im"),
        ("http://127.0.0.1:9101/", "http://127.0.0.1:9101"),
        ("http://api-{cluster}.example.com//", "http://api-{cluster}.example.com"),
    ],
)
def test_a_base_address_ends_without_a_slash(value: str, address: str) -> None:
    assert base_url("X", {"X": value}) == address


@pytest.mark.parametrize("value", ["", "rtc-api.zego.im", "ftp://x", "//x", "httpsx://a"])
def test_a_base_address_that_is_none_is_named(value: str) -> None:
    with pytest.raises(Misconfigured) as error:
        base_url("ZEGO_BASE_URL", {"ZEGO_BASE_URL": value})
    assert error.value.setting == "ZEGO_BASE_URL"


# --- a secret's text


def test_a_secret_is_read_once_in_five_minutes() -> None:
    clock, client = Clock(0), FakeSecretsManager(AWSCURRENT="one")
    secret = Secret(client, "id", clock)  # type: ignore[arg-type]
    assert secret.values() == secret.values() == ("one",)
    clock.now = MAX_AGE_MS
    client.stages["AWSCURRENT"] = "two"
    assert secret.values() == ("one",)
    clock.now += 1
    assert secret.values() == ("two",)
    assert client.asked == ["AWSCURRENT"] * 2


def test_a_younger_answer_may_be_asked_for() -> None:
    clock, client = Clock(0), FakeSecretsManager(AWSCURRENT="one")
    secret = Secret(client, "id", clock)  # type: ignore[arg-type]
    secret.values()
    client.stages["AWSCURRENT"] = "two"
    clock.now = 10_000
    assert secret.values(max_age_ms=10_000) == ("one",)
    clock.now += 1
    assert secret.values(max_age_ms=10_000) == ("two",)


def test_both_stages_newest_first_and_the_previous_may_not_exist() -> None:
    clock = Clock(0)
    rotated = FakeSecretsManager(AWSPREVIOUS="old", AWSCURRENT="new")
    assert Secret(rotated, "id", clock, BOTH).values() == ("new", "old")  # type: ignore[arg-type]
    fresh = FakeSecretsManager(AWSCURRENT="new")
    assert Secret(fresh, "id", clock, BOTH).values() == ("new",)  # type: ignore[arg-type]


def test_a_secret_without_a_value_says_what_to_do_and_is_asked_for_again() -> None:
    """The first room of a new deployment comes before its secret: the next must not fail for five minutes."""
    client = FakeSecretsManager()
    secret = Secret(client, "id", Clock(0))  # type: ignore[arg-type]
    with pytest.raises(Misconfigured, match="put-secret-value"):
        secret.values()
    client.stages["AWSCURRENT"] = "at last"
    assert secret.values() == ("at last",)


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "GetSecretValue"),
        EndpointConnectionError(endpoint_url="https://secretsmanager"),
    ],
)
def test_a_secret_that_cannot_be_read_now_is_for_later(error: Exception) -> None:
    class Failing(FakeSecretsManager):
        def get_secret_value(self, **request: str) -> dict[str, Any]:
            raise error

    with pytest.raises(RetryLater, match="secret_unreadable"):
        Secret(Failing(), "id", Clock(0)).values()  # type: ignore[arg-type]


# --- the settings in it


def keyring(text: Any) -> Keyring:
    stored = text if isinstance(text, str) else json.dumps(text)
    return Keyring(Secret(FakeSecretsManager(AWSCURRENT=stored), "id", Clock(0)))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["s3cret text", "{ s3cret", "{'s3cret': 1}"])
def test_a_secret_that_is_not_json_says_so_without_showing_it(text: str) -> None:
    with pytest.raises(Misconfigured, match=r"secret: is not JSON \(line 1\)") as error:
        keyring(text).section("zego")
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ([], "secret zego"),
        ("null", "secret zego"),
        ({}, "secret zego"),
        ({"zego": None}, "secret zego"),
        ({"zego": "s3cret"}, "secret zego"),
        ({"zego": {}}, "secret zego.1"),
        ({"zego": {"1": ["s3cret"]}}, "secret zego.1"),
    ],
)
def test_the_object_that_is_missing_is_named(settings: Any, named: str) -> None:
    with pytest.raises(Misconfigured) as error:
        keyring(settings).section("zego", "1")
    assert error.value.setting == named
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("value", [..., None, "", "  ", 7, True, [], {}, [""], ["s3cret", ""], ["s3cret", 7]])
def test_a_field_that_is_no_secret_is_named(value: Any) -> None:
    fields = {} if value is ... else {"server_secret": value}
    section = keyring({"zego": {"1": fields}}).section("zego", "1")
    with pytest.raises(Misconfigured) as error:
        section.newest("server_secret")
    assert error.value.setting == "secret zego.1.server_secret"
    assert "s3cret" not in str(error.value)


def test_a_secret_may_be_a_list_newest_first() -> None:
    section = keyring({"shumei": {"access_key": ["new", "old"], "app_id": "default"}}).section("shumei")
    assert section.all("access_key") == ("new", "old")
    assert section.newest("access_key") == "new"
    assert section.all("app_id") == ("default",)


def test_an_optional_field_may_be_absent_but_not_wrong() -> None:
    section = keyring({"shumei": {"access_key": "k", "app_id": 7}}).section("shumei")
    assert section.optional("nothing") is None
    with pytest.raises(Misconfigured, match=r"secret shumei\.app_id"):
        section.optional("app_id")
