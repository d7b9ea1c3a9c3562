"""Who was heard where everybody was judged at once."""

from earshot.domain.verdict import Heard
from earshot.vendors.shumei.callback import Speakers


def heard(seconds: Speakers | None) -> tuple[Heard, ...]:
    """Everybody's loudest second, the loudest first. Not whom to blame: the verdict is on all of them at once."""
    loudest: dict[str, int | None] = {}
    for sample in (one for second in seconds or () for one in second or ()):
        if sample and sample.uid:
            best = loudest.get(sample.uid)
            loudest[sample.uid] = sample.volume if best is None else max(best, sample.volume or 0)
    ranked = sorted(loudest.items(), key=lambda pair: -1 if pair[1] is None else pair[1], reverse=True)
    return tuple(Heard(speaker_id, volume) for speaker_id, volume in ranked)
