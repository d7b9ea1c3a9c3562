"""The plan of a watch at a level of its spending, in the words of whichever vendor listens."""

from collections.abc import Mapping
from typing import Any

from earshot.domain.spending import Cut, cut
from earshot.domain.watch import Watch
from earshot.vendors import registry


def cut_for(watch: Watch, vendor: str, level: int) -> Cut:
    """What a task of the vendor is to use. Equal for two levels: an ear of the one does for the other."""

    def thrift(options: Mapping[str, Any], step: str) -> Mapping[str, Any]:
        return registry.thrift(vendor, options, step)

    return cut(watch.plan, watch.options(vendor), level, thrift)
