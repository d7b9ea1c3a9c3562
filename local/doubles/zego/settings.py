"""What can be changed about the ZEGO double."""

from __future__ import annotations

from dataclasses import dataclass

from local.doubles.settings import Settings, setting


@dataclass
class ZegoSettings(Settings):
    """Defaults follow ZEGO's pages "GenerateIdentifyToken", "Accessing server APIs" and "Return codes"."""

    rate_limit: int = setting(100, "[S]", "calls per AppId in any window of one real second; more → Code 206")
    rate_counts_refused: bool = setting(True, "[?]", "whether calls answered 206 count in the window too")
    error_http_status: int = setting(200, "[?]", "HTTP status of answers whose Code is not 0")
    clock_window: int = setting(600, "[D]", "real seconds a Timestamp may be off, either way")
    default_effective: int = setting(3600, "[S]", "EffectiveTime when none is sent")
    max_effective: int = setting(2_592_000, "[S]", "largest EffectiveTime")
    bad_effective_code: int = setting(2, "[?]", "Code for an EffectiveTime out of range or not an integer")
    token_clock: str = setting(
        "scaled", "[I]", "clock on which tokens expire: `scaled` or `real` seconds", ("scaled", "real")
    )
    check_host: bool = setting(
        False, "[D]", "refuse Host headers that are not ZEGO's (100000000); off on loopback"
    )
