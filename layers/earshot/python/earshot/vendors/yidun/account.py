"""The account: what the settings' section ``yidun`` says, and how it signs a call (page 接口鉴权)."""

from collections.abc import Mapping

from earshot.secrets import Section
from earshot.vendors.yidun.signing import METHODS, signature

METHOD = "SHA256"
"""Unconfirmed for live audio: a sibling's page lists it, the vendor's SDK knows it. The vendor's own is MD5."""


def is_polled(section: Section) -> bool:
    """Whether the account's results are fetched: those of one task are either pushed or fetched, never both."""
    mode = section.optional("results") or "push"
    if mode not in {"push", "poll"}:
        raise section.wrong("results", "must be push or poll")
    return mode == "poll"


def identity(section: Section, product: str) -> dict[str, str]:
    """``secretId``, and the ``businessId`` that live audio has and the live audio-video solution has not."""
    business = {"businessId": section.newest("business_id")} if product == "liveaudio" else {}
    return {"secretId": section.newest("secret_id"), **business}


def signed(section: Section, fields: Mapping[str, str]) -> dict[str, str]:
    """All fields of a call, with ``signatureMethod`` (which is signed too) and ``signature``."""
    method = (section.optional("signature_method") or METHOD).upper()
    if method not in METHODS:
        raise section.wrong("signature_method", f"must be one of {', '.join(METHODS)}")
    whole = {**fields, "signatureMethod": method}
    try:
        return whole | {"signature": signature(whole, section.newest("secret_key"), method)}
    except ValueError:
        raise section.wrong("signature_method", f"this Python cannot do {method}") from None
