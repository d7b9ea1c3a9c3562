"""Secrets from Secrets Manager, kept in memory for five minutes and checked on read."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from earshot.errors import Misconfigured, RetryLater

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

MAX_AGE_MS = 300_000


class Secret:
    """One secret's text; ``stages`` is (AWSCURRENT,) or, while a key rotates, (AWSCURRENT, AWSPREVIOUS)."""

    def __init__(
        self,
        client: "SecretsManagerClient",
        secret_id: str,
        now: Callable[[], int],
        stages: tuple[str, ...] = ("AWSCURRENT",),
    ) -> None:
        self._client, self._id, self._now, self._stages = client, secret_id, now, stages
        self._values: tuple[str, ...] = ()
        self._read_at: int | None = None

    def values(self, *, max_age_ms: int = MAX_AGE_MS) -> tuple[str, ...]:
        """The text of each stage that exists, newest first."""
        if self._read_at is None or self._now() - self._read_at > max_age_ms:
            self._values = tuple(filter(None, (self._fetch(stage) for stage in self._stages)))
            self._read_at = self._now() if self._values else None
        if not self._values:
            raise Misconfigured(
                "secret", "has no value yet; put one with `aws secretsmanager put-secret-value`"
            )
        return self._values

    def _fetch(self, stage: str) -> str | None:
        try:
            return self._client.get_secret_value(SecretId=self._id, VersionStage=stage).get("SecretString")
        except self._client.exceptions.ResourceNotFoundException:
            return None
        except (ClientError, BotoCoreError) as error:
            raise RetryLater("secret_unreadable", type(error).__name__) from None


class Keyring:
    """The settings secret: one JSON object per platform and vendor."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._parsed: tuple[str, Any] = ("", None)

    def section(self, *path: str, max_age_ms: int = MAX_AGE_MS) -> "Section":
        """The object at ``path``; an absent one is named."""
        node = self._root(max_age_ms)
        for depth, name in enumerate(path, start=1):
            node = node.get(name) if isinstance(node, Mapping) else None
            if not isinstance(node, Mapping):
                raise Misconfigured(f"secret {'.'.join(path[:depth])}", "is missing or not an object")
        return Section(".".join(path), node)

    def _root(self, max_age_ms: int) -> Any:
        """Parsed once for each text: a webhook asks every time."""
        text = self._secret.values(max_age_ms=max_age_ms)[0]
        if text is not self._parsed[0]:
            try:
                self._parsed = (text, json.loads(text))
            except json.JSONDecodeError as error:
                raise Misconfigured("secret", f"is not JSON (line {error.lineno})") from None
        return self._parsed[1]


class Section:
    """One object of the secret, read field by field."""

    def __init__(self, name: str, fields: Mapping[str, Any]) -> None:
        self._name, self._fields = name, fields

    def all(self, field: str) -> tuple[str, ...]:
        """Every value in use, newest first (a secret may be a list while it rotates)."""
        value = self._fields.get(field)
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(item, str) and item.strip() for item in values):
            raise self.wrong(field, "must be a non-empty string or a list of them")
        return tuple(values)

    def newest(self, field: str) -> str:
        """The value to use for our own calls."""
        return self.all(field)[0]

    def __contains__(self, field: str) -> bool:
        return field in self._fields

    @property
    def raw(self) -> Mapping[str, Any]:
        """As it stands, for a reader that checks it itself; the same object as long as the secret is the same."""
        return self._fields

    def part(self, name: str) -> "Section":
        """An object inside this one; an empty one if it is absent."""
        node = self._fields.get(name, {})
        if not isinstance(node, Mapping):
            raise self.wrong(name, "must be an object")
        return Section(f"{self._name}.{name}", node)

    def wrong(self, field: str, why: str) -> Misconfigured:
        """The error that names a field whose value has not the shape that its platform documents."""
        return Misconfigured(f"secret {self._name}.{field}", why)

    def optional(self, field: str) -> str | None:
        """The newest value, or None if the field is absent."""
        return self.newest(field) if field in self else None
