"""Secrets Manager with one secret."""

from typing import Any


class FakeSecretsManager:
    """``stages`` by name; a stage that is not there is answered as AWS does."""

    class Exceptions:
        """As boto3 hangs them on a client."""

        class ResourceNotFoundException(Exception):
            """No such secret or stage."""

    exceptions = Exceptions

    def __init__(self, **stages: str) -> None:
        self.stages, self.asked = stages, list[str]()

    def get_secret_value(self, **request: str) -> dict[str, Any]:
        stage = request["VersionStage"]
        self.asked.append(stage)
        if stage not in self.stages:
            raise self.exceptions.ResourceNotFoundException(request["SecretId"])
        return {"SecretString": self.stages[stage]}
