"""A platform's webhook: prove it, take it, answer as the platform wants.

Whatever cannot be proved is refused and leaves nothing. Whatever is genuine is acknowledged once it has been dealt
with, or kept if it was not understood: a platform that is told otherwise repeats it for nothing.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from earshot.contract.plan import Plan
from earshot.domain.room import Room
from earshot.errors import Misconfigured, Refused, TooLarge
from earshot.log_codes import LogCode
from earshot.platforms import registry
from earshot.platforms.port import Delivery, Notice, NotUnderstood, Webhook
from earshot.secrets import Keyring, Section
from earshot.store.port import Attendances, KeptNotice
from earshot.telemetry import note
from earshot.usecases.take_notice import Said

MAX_BODY_BYTES = 131_072
"""The largest documented event is a few kilobytes."""
REFRESH_AFTER_MS = 10_000
"""How stale the secrets may be when a proof does not fit, before they are read once more."""
AHEAD_MS = 300_000
"""How far a platform's clock may be ahead of ours."""
MIN_KEY_LENGTH = 16


@dataclass(frozen=True)
class Webhooked:
    """A webhook as it came; ``key`` is the unguessable part of its address, ``plan`` the plan that it asks for."""

    platform: str
    delivery: Delivery
    key: str = ""
    plan: str = "default"


@dataclass(frozen=True)
class IngestRoomWebhook:
    """See the module. ``is_recorder`` by platform and user id; ``max_age_ms``: older webhooks are replays."""

    store: Attendances
    keyring: Keyring
    plans: Callable[[], Mapping[str, Plan]]
    is_recorder: Callable[[str, str], bool]
    take: Callable[[Said], None]
    now: Callable[[], int]
    max_age_ms: int

    def __call__(self, came: Webhooked) -> str:
        """The body of the 200. Raises Refused, TooLarge or RetryLater."""
        hook, delivery = registry.webhook(came.platform), came.delivery
        if hook is None:
            note(LogCode.ES601)
            raise Refused("not_authenticated")
        if len(delivery.body) > MAX_BODY_BYTES:
            note(LogCode.ES607, platform=came.platform, size=len(delivery.body))
            raise TooLarge("body", f"is {len(delivery.body)} bytes, at most {MAX_BODY_BYTES} are taken")
        self._authenticate(came, hook)
        try:
            notice = hook.read(delivery)
        except NotUnderstood as problem:
            self._keep(came, str(problem))
            return hook.ANSWER
        self._take(came, notice)
        return hook.ANSWER

    def _authenticate(self, came: Webhooked, hook: Webhook) -> None:
        try:
            try:
                sent_at = self._verified(came, hook)
            except (Refused, Misconfigured):
                sent_at = self._verified(came, hook, max_age_ms=REFRESH_AFTER_MS)
        except Misconfigured as error:
            note(LogCode.ES602, platform=came.platform, setting=error.setting)
            raise Refused("not_authenticated") from None
        except Refused:
            note(LogCode.ES601, platform=came.platform)
            raise
        if sent_at is not None and not -self.max_age_ms <= sent_at - self.now() <= AHEAD_MS:
            note(LogCode.ES606, platform=came.platform, sent_at=sent_at)
            raise Refused("not_fresh")

    def _verified(self, came: Webhooked, hook: Webhook, **age: int) -> int | None:
        secrets = self.keyring.section(came.platform, came.delivery.app_id, **age)
        _check_key(came.key, secrets, is_needed=not hook.COVERS_BODY)
        return hook.verify(came.delivery, secrets)

    def _take(self, came: Webhooked, notice: Notice | None) -> None:
        platform, app_id = came.platform, came.delivery.app_id
        if notice is None:
            note(LogCode.ES604, platform=platform, why="not_ours")
            return
        who = notice.user_id
        if notice.is_recorder or (who is not None and self.is_recorder(platform, who)):
            note(LogCode.ES604, platform=platform, why="recorder")
            return
        if self.store.knows_notice(platform, app_id, notice.key):
            note(LogCode.ES604, platform=platform, why="repeated")
            return
        plan = self.plans().get(came.plan)
        by_stream = plan is not None and plan.target == "stream"
        self.take(Said(notice, Room(platform, app_id, notice.room_id), came.plan, by_stream))
        self.store.put_notice(KeptNotice(platform, app_id, notice.key, self.now()))
        note(LogCode.ES608, platform=platform, kind=notice.kind)

    def _keep(self, came: Webhooked, problem: str) -> None:
        body, now = came.delivery.body, self.now()
        key = f"not-understood-{hashlib.sha256(body).hexdigest()}"
        self.store.put_notice(
            KeptNotice(came.platform, came.delivery.app_id, key, now, body=body, problem=problem)
        )
        note(LogCode.ES603, platform=came.platform, problem=problem)


def _check_key(key: str, secrets: Section, *, is_needed: bool) -> None:
    """The second wall where a signature does not cover the body, and wherever the operator wants it."""
    if not is_needed and "url_key" not in secrets:
        return
    known = secrets.all("url_key")
    if any(len(one) < MIN_KEY_LENGTH for one in known):
        raise secrets.wrong("url_key", f"must have at least {MIN_KEY_LENGTH} characters")
    given = key.encode("utf-8", "surrogatepass")
    if not any(hmac.compare_digest(one.encode(), given) for one in known):
        raise Refused("not_authenticated")
