"""The few things that the local stack has to know about ``template.yaml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from local.places import TEMPLATE

# The vendors and platforms that local/doubles can play, and the addresses of the template that each answers to.
# Our Shumei double plays all clusters, told apart by the path; the template's address may name the cluster.
DOUBLES: dict[str, dict[str, str]] = {
    "zego": {"zego": ""},
    "agora": {"agora": ""},
    "trtc": {},
    "volcengine": {"volcenginertc": ""},
    "yunxin": {"yunxin": "/nimserver", "yunxinrtc": ""},
    "gin": {},
    "shumei": {"shumei": "/{cluster}"},
    "yidun": {"yidun": ""},
}


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags, whose meaning does not matter here."""


def _any_tag(loader: _Loader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


_Loader.add_multi_constructor("!", _any_tag)


def base_url_parameters(path: Path = TEMPLATE) -> dict[str, str]:
    """Every address that the template lets one change: ``zego`` → ``ZegoBaseUrl``. Not our own API's."""
    document = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    found = (re.fullmatch(r"([A-Z][A-Za-z0-9]*)BaseUrl", name) for name in document.get("Parameters", {}))
    return {m[1].lower(): m[0] for m in found if m and m[1] != "Callback"}
