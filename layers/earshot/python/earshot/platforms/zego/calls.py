"""What every call of ZEGO's server API carries: its common parameters, signed."""

from earshot.platforms.zego.signing import signature


def signed(
    action: str, app_id: str, secret: str, *, nonce: str, now_s: int, is_test: bool | None
) -> dict[str, str]:
    """The common parameters; ``IsTest`` only where it is set."""
    params = {
        "Action": action,
        "AppId": app_id,
        "SignatureNonce": nonce,
        "Timestamp": str(now_s),
        "Signature": signature(app_id, nonce, secret, now_s),
        "SignatureVersion": "2.0",
    }
    if is_test is not None:
        params["IsTest"] = "true" if is_test else "false"
    return params
