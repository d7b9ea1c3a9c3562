"""GIN (巨人): the address of the server comes with the credential."""

from typing import Any

from earshot.vendors.port import Submission
from earshot.vendors.shumei import rules
from earshot.vendors.shumei.options import Sound
from earshot.vendors.shumei.streams.parts import held, is_mixed, secret, whole_room_only


def fields(submission: Submission, options: Sound) -> dict[str, Any]:  # noqa: ARG001 - it has none
    """``ginParam``; its ``tokenId`` is the room's token, its ``port`` a string."""
    whole_room_only(submission, "GIN")
    address, port = (secret(submission, f"ginParam.{name}", name) for name in ("ip", "port"))
    param = {
        "tokenId": secret(submission, "ginParam.tokenId", "token"),
        "roomId": submission.watch.room.room_id,
        "isMixingEnabled": is_mixed(submission),
        "ip": held("ginParam.ip", "the credential's ip", rules.address, address),
        "port": held("ginParam.port", "the credential's port", rules.port, port),
    }
    return {"streamType": "GIN", "ginParam": param}
