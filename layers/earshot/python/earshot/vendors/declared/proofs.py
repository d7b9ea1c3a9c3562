"""How a push is proved to be the vendor's: a closed set of recipes. Standard library and expressions only.

``url_secret`` says that nothing is proved beside the address, whose MAC is always looked at before. All proofs of a
description must hold. A signature that is missing or empty is a failure; comparing takes a time that says nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from earshot.vendors.declared.digests import ALGORITHMS, ENCODINGS, digest, mac, same, sorted_params
from earshot.vendors.declared.functions import as_text
from earshot.vendors.declared.places import Part
from earshot.vendors.declared.trees import Names, NotMade, Tree, tree

ROOTS = frozenset({"body", "headers", "time", "push"})
Secrets = Mapping[str, str]


@dataclass(frozen=True)
class Pushed:
    """What came. ``push`` holds its fields before anything inside is unwrapped; None for who needs none."""

    body: bytes
    headers: Mapping[str, str]
    push: Mapping[str, Any] | None = None

    @property
    def context(self) -> dict[str, Any]:
        text = self.body.decode("utf-8", "surrogateescape")
        return {"body": text, "headers": dict(self.headers), "time": None, "push": self.push}


Holds = Callable[[Pushed, dict[str, Any], Secrets], bool]
"""Whether it is proved with these secrets; may note the signed ``time`` in the context."""


@dataclass(frozen=True)
class Fresh:
    """When the push was made, and how many seconds ago or ahead that may be."""

    time: Tree
    per_s: int
    within_s: float

    def holds(self, context: Mapping[str, Any], now_ms: int) -> bool:
        """False, too, for a time that is none."""
        try:
            made = float(self.time.text(context) or "nan") / self.per_s
        except (NotMade, ValueError):
            return False
        return abs(made - now_ms / 1000) <= self.within_s


@dataclass(frozen=True)
class Proof:
    """A compiled recipe. ``secrets``: the names of those that it needs."""

    holds: Holds
    secrets: frozenset[str]
    needs_push: bool
    fresh: Fresh | None

    def check(self, pushed: Pushed, secrets: Iterable[Secrets], now_ms: int) -> bool:
        """With one of the sets of secrets that are in use."""
        for chosen in secrets:
            context = pushed.context
            try:
                proved = self.holds(pushed, context, chosen)
            except (NotMade, ValueError):
                proved = False
            if proved:
                return self.fresh is None or self.fresh.holds(context, now_ms)
        return False


def proof(value: Any, place: str, secrets: frozenset[str]) -> Proof:
    """One element of ``verify``. Raises BadDescription."""
    part = Part(value, place)
    names = Names(ROOTS, secrets=secrets)
    holds, trees = RECIPES[part.choice("recipe", tuple(RECIPES))](part, names)
    fresh = _fresh(part, names) if "fresh" in part else None
    part.done()
    read = [*trees, *([fresh.time] if fresh else [])]
    needs_push = any(path[0] == "push" for one in read for path in one.reads)
    return Proof(holds, frozenset(name for one in trees for name in one.secrets), needs_push, fresh)


def _fresh(part: Part, names: Names) -> Fresh:
    given = part.part("fresh")
    unit = given.choice("unit", ("epoch_s", "epoch_ms"), "epoch_s")
    plain = Names(names.roots)
    made = Fresh(
        tree(given.need("time"), given.at("time"), plain),
        1000 if unit == "epoch_ms" else 1,
        given.number("within_s", 1, 86_400),
    )
    given.done()
    return made


Made = tuple[Holds, tuple[Tree, ...]]


def _tree(part: Part, name: str, names: Names) -> Tree:
    return tree(part.need(name), part.at(name), names)


def _trees(part: Part, name: str, names: Names) -> tuple[Tree, ...]:
    made = tuple(tree(value, place, names) for value, place in part.items(name))
    if not made:
        raise part.wrong(name, "must be a list of at least one part")
    return made


def _texts(trees: Iterable[Tree], context: Mapping[str, Any], secrets: Secrets) -> list[str]:
    """Raises NotMade if one is missing: what is not there was not signed."""
    found = []
    for one in trees:
        text = one.text(context, secrets)
        if text is None:
            raise NotMade(one.place, "is missing")
        found.append(text)
    return found


def _is(presented: str | None, ours: str) -> bool:
    return bool(presented) and bool(ours) and same(ours, presented or "")


def _url_secret(_part: Part, _names: Names) -> Made:
    return (lambda _pushed, _context, _secrets: True), ()


def _header_secret(part: Part, names: Names) -> Made:
    header, prefix = part.text("header").lower(), part.text("prefix", "")
    value = _tree(part, "value", names)

    def holds(pushed: Pushed, context: dict[str, Any], secrets: Secrets) -> bool:
        return _is(pushed.headers.get(header), prefix + _texts([value], context, secrets)[0])

    return holds, (value,)


def _basic(part: Part, names: Names) -> Made:
    pair = (_tree(part, "user", names), _tree(part, "password", names))

    def holds(pushed: Pushed, context: dict[str, Any], secrets: Secrets) -> bool:
        kind, _, given = (pushed.headers.get("authorization") or "").partition(" ")
        presented = base64.b64decode(given, validate=True).decode("utf-8", "surrogateescape")
        return kind.lower() == "basic" and _is(presented, ":".join(_texts(pair, context, secrets)))

    return holds, pair


def _hmac_body(part: Part, names: Names) -> Made:
    header, prefix = part.text("header").lower(), part.text("prefix", "")
    algorithm, encoding = (
        part.choice("algorithm", ALGORITHMS),
        part.choice("encoding", tuple(ENCODINGS), "hex"),
    )
    key = _tree(part, "key", names)
    parts = (
        _trees(part, "parts", names) if "parts" in part else (tree({"$": "body"}, part.at("parts"), names),)
    )
    elements = part.part("elements") if "elements" in part else None
    time, signature = (elements.text("time"), elements.text("signature")) if elements else ("", "")
    if elements:
        elements.done()

    def holds(pushed: Pushed, context: dict[str, Any], secrets: Secrets) -> bool:
        presented = pushed.headers.get(header) or ""
        if not presented.startswith(prefix):
            return False
        given = [presented[len(prefix) :]]
        if elements:
            context["time"], given = _elements(given[0], time, signature)
        (secret,) = _texts((key,), context, secrets)
        ours = mac(algorithm, secret, "".join(_texts(parts, context, secrets)), encoding)
        return any(_is(one, ours) for one in given)

    return holds, (key, *parts)


def _elements(text: str, time: str, signature: str) -> tuple[str | None, list[str]]:
    """Of ``t=…,v1=…``: the time, if there is one and not two, and every signature."""
    pairs = [part.strip().partition("=") for part in text.split(",")[:16]]
    times = [value for name, _, value in pairs if name == time]
    return (times[0] if len(times) == 1 else None), [value for name, _, value in pairs if name == signature]


def _digest_parts(part: Part, names: Names) -> Made:
    return _digest(part, names, "parts", lambda texts: texts)


def _sorted_values(part: Part, names: Names) -> Made:
    """Sorted by what they are, byte by byte, not by what they are called."""
    return _digest(
        part, names, "values", lambda texts: sorted(texts, key=lambda text: text.encode("utf-8", "replace"))
    )


def _digest(part: Part, names: Names, field: str, order: Callable[[list[str]], list[str]]) -> Made:
    algorithm, encoding = (
        part.choice("algorithm", ALGORITHMS),
        part.choice("encoding", tuple(ENCODINGS), "hex"),
    )
    parts, between = _trees(part, field, names), part.text("separator", "")
    presented = tree(part.need("signature"), part.at("signature"), Names(names.roots))

    def holds(_pushed: Pushed, context: dict[str, Any], secrets: Secrets) -> bool:
        ours = digest(algorithm, between.join(order(_texts(parts, context, secrets))), encoding)
        return _is(presented.text(context), ours)

    return holds, (*parts, presented)


def _sorted_params(part: Part, names: Names) -> Made:
    algorithm, encoding = (
        part.choice("algorithm", ALGORITHMS),
        part.choice("encoding", tuple(ENCODINGS), "hex"),
    )
    key, field = _tree(part, "key", names), part.text("field", "signature")
    left_out = {field, *part.texts("except")}
    whole = tree({"$": "push.signature"}, part.at("field"), Names(names.roots))

    def holds(pushed: Pushed, context: dict[str, Any], secrets: Secrets) -> bool:
        fields = {name: as_text(value) for name, value in (pushed.push or {}).items() if name not in left_out}
        if any(value is None for value in fields.values()):
            return False
        signed = {name: value or "" for name, value in fields.items()}
        ours = digest(algorithm, sorted_params(signed, (), _texts((key,), context, secrets)[0]), encoding)
        return _is(as_text((pushed.push or {}).get(field)), ours)

    return holds, (key, whole)


RECIPES: dict[str, Callable[[Part, Names], Made]] = {
    "url_secret": _url_secret,
    "header_secret": _header_secret,
    "basic": _basic,
    "hmac_body": _hmac_body,
    "digest_parts": _digest_parts,
    "sorted_values_digest": _sorted_values,
    "sorted_params_digest": _sorted_params,
}
