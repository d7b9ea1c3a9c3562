"""What an hour of a vendor's listening costs you: told beside its limits in the settings secret.

``{"limits": {"shumei": {"price_per_hour": 0.9, "currency": "CNY"}}}``
"""

from earshot.domain.orphans import Price
from earshot.secrets import Keyring


class Prices:
    """See the module."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def __call__(self, vendor: str) -> Price | None:
        """None if the settings do not say. Raises Misconfigured, which names the field, and RetryLater."""
        section = self._keyring.section().part("limits").part(vendor)
        per_hour = section.raw.get("price_per_hour")
        if per_hour is None:
            return None
        if isinstance(per_hour, bool) or not isinstance(per_hour, int | float) or per_hour < 0:
            raise section.wrong("price_per_hour", "must be a number, 0 or more")
        return Price(float(per_hour), section.newest("currency"))
