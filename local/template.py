"""The few things that the local stack has to know about ``template.yaml``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from local.places import ROOT, TEMPLATE

# The vendors and platforms that local/doubles can play, and the addresses of the template that each answers to.
# Our Shumei double plays all clusters, told apart by the path; the template's address may name the cluster.
DOUBLES: dict[str, dict[str, str]] = {
    "zego": {"zego": ""},
    "agora": {"agora": ""},
    "trtc": {},
    "volcengine": {"volcenginertc": ""},
    "yunxin": {"yunxin": "/nimserver", "yunxinrtc": ""},
    "gin": {},
    "shumei": {"shumei": "/{cluster}", "shumeivideo": "/{cluster}"},
    "yidun": {"yidun": ""},
    "tupu": {"tupu": ""},
    "volcengine_content": {"volcengine": ""},
    "yitu": {},
    "lyrebird": {},
}
DESCRIBED = {"yitu": "yitu", "volcengine_zego": "volcengine_content", "lyrebird": "lyrebird"}
"""The vendors that a description stands for, and who plays them."""


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


def declared_origins(doubles: Mapping[str, str]) -> dict[str, str]:
    """The addresses of descriptions that our doubles answer to, as ``DeclaredOrigins`` wants them."""
    folder = ROOT / "layers/earshot/python/earshot/vendors/declared/descriptions"
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        url = doubles.get(DESCRIBED.get(path.stem, ""))
        names = json.loads(path.read_text("utf-8"))["origins"] if url else ()
        found |= {f"{path.stem}.{name}": str(url) for name in names}
    return found
