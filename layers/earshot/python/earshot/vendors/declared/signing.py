"""How a call is signed: a closed set of recipes, each with vectors in its tests. A description names one and says
what goes into it; it cannot make one up.

``draft`` recipes run while the body is still an object and may add to it; ``bytes`` recipes see the very bytes that
are sent. No recipe logs, and none puts what it was given into an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from earshot.errors import BadInput
from earshot.vendors.declared.digests import ALGORITHMS, ENCODINGS, digest, mac, sorted_params
from earshot.vendors.declared.draft import HEADER, OURS, Draft, scalars
from earshot.vendors.declared.places import BadDescription, Part
from earshot.vendors.declared.trees import Context, Names, Tree, tree

Secrets = Mapping[str, str]
Apply = Callable[[Draft, Context, Secrets], None]
PLACES = ("header", "query", "body")


@dataclass(frozen=True)
class Recipe:
    """A compiled one. ``stage``: ``draft`` or ``bytes``; ``trees``: what it reads."""

    stage: str
    apply: Apply
    trees: tuple[Tree, ...]


def recipe(value: Any, place: str, names: Names) -> Recipe:
    """One element of ``sign``. Raises BadDescription."""
    part = Part(value, place)
    make = RECIPES[part.choice("recipe", tuple(RECIPES))]
    names = names.over(names.roots | {"request", "signature"}, secrets=True)
    made = make(part, names)
    part.done()
    return made


def signed(draft: Draft, recipes: tuple[Recipe, ...], context: Context, secrets: Secrets) -> None:
    """Apply them, those that add to the body first."""
    for stage in ("draft", "bytes"):
        for one in recipes:
            if one.stage == stage:
                one.apply(draft, {**context, "request": _request(draft)}, secrets)


def _request(draft: Draft) -> dict[str, Any]:
    return {
        "method": draft.method,
        "host": draft.origin.authority,
        "path": draft.path,
        "query": draft.query_text,
        "target": draft.target,
        "body": draft.body_text(),
    }


def _place(part: Part) -> tuple[str, str]:
    where, name = part.choice("in", PLACES, "header"), part.text("name")
    if where == "header" and (not HEADER.fullmatch(name) or name.lower() in OURS):
        raise part.wrong("name", "is not a header that a description may set")
    return where, name


def texts(part: Part, name: str, names: Names) -> tuple[Tree, ...]:
    """A list of trees that come to texts."""
    made = tuple(tree(item, place, names) for item, place in part.items(name))
    if not made:
        raise part.wrong(name, "must be a list of at least one part")
    return made


def joined(parts: tuple[Tree, ...], between: str, context: Context, secrets: Secrets) -> str:
    """Their texts; a part that is null counts as none: a signature over less than was meant is no signature."""
    found = [one.text(context, secrets) for one in parts]
    for one, text in zip(parts, found, strict=True):
        if text is None:
            raise BadInput(one.place, "is empty")
    return between.join(text for text in found if text is not None)


def _field(part: Part, names: Names) -> Recipe:
    where, name = _place(part)
    value = tree(part.need("value"), part.at("value"), names)

    def apply(draft: Draft, context: Context, secrets: Secrets) -> None:
        draft.put(where, name, joined((value,), "", context, secrets))

    return Recipe("draft", apply, (value,))


def _basic(part: Part, names: Names) -> Recipe:
    pair = tuple(tree(part.need(name), part.at(name), names) for name in ("user", "password"))

    def apply(draft: Draft, context: Context, secrets: Secrets) -> None:
        token = ENCODINGS["base64"](joined(pair, ":", context, secrets).encode())
        draft.put("header", "Authorization", f"Basic {token}")

    return Recipe("draft", apply, pair)


def _bearer(part: Part, names: Names) -> Recipe:
    token = tree(part.need("token"), part.at("token"), names)

    def apply(draft: Draft, context: Context, secrets: Secrets) -> None:
        draft.put("header", "Authorization", f"Bearer {joined((token,), '', context, secrets)}")

    return Recipe("draft", apply, (token,))


def _digest_parts(part: Part, names: Names) -> Recipe:
    where, name = _place(part)
    algorithm, encoding = (
        part.choice("algorithm", ALGORITHMS),
        part.choice("encoding", tuple(ENCODINGS), "hex"),
    )
    parts, between = texts(part, "parts", names), part.text("separator", "")

    def apply(draft: Draft, context: Context, secrets: Secrets) -> None:
        draft.put(where, name, digest(algorithm, joined(parts, between, context, secrets), encoding))

    return Recipe("draft" if where == "body" else "bytes", apply, parts)


def _sorted_params(part: Part, names: Names) -> Recipe:
    where, name = part.choice("in", ("query", "body"), "body"), part.text("name", "signature")
    algorithm, encoding = (
        part.choice("algorithm", ALGORITHMS),
        part.choice("encoding", tuple(ENCODINGS), "hex"),
    )
    key, left_out = tree(part.need("key"), part.at("key"), names), part.texts("except")

    def apply(draft: Draft, context: Context, secrets: Secrets) -> None:
        fields = scalars(draft.query if where == "query" else draft.body or {}, where)
        text = sorted_params(fields, left_out, joined((key,), "", context, secrets))
        draft.put(where, name, digest(algorithm, text, encoding))

    return Recipe("draft", apply, (key,))


def _hmac_headers(part: Part, names: Names) -> Recipe:
    algorithm, encoding = (
        part.choice("algorithm", ALGORITHMS),
        part.choice("encoding", tuple(ENCODINGS), "hex"),
    )
    key, between = tree(part.need("key"), part.at("key"), names), part.text("separator", "")
    parts = texts(part, "parts", names)
    headers = part.table("headers", lambda value, place: tree(value, place, names))
    for header in headers:
        if not HEADER.fullmatch(header) or header.lower() in OURS:
            raise BadDescription(part.at(f"headers.{header}"), "is not a header that a description may set")

    def apply(draft: Draft, context: Context, secrets: Secrets) -> None:
        text = joined(parts, between, context, secrets)
        signature = mac(algorithm, joined((key,), "", context, secrets), text, encoding)
        for header, value in headers.items():
            proof = joined((value,), "", {**context, "signature": signature}, secrets)
            draft.put("header", header, proof)

    return Recipe("bytes", apply, (key, *parts, *headers.values()))


def _qiniu_mac(part: Part, names: Names) -> Recipe:
    """``Authorization: Qiniu <key>:<sign>`` (Qiniu's Python SDK, ``QiniuMacAuth``), without headers of its own."""
    keys = tuple(tree(part.need(name), part.at(name), names) for name in ("access_key", "secret_key"))

    def apply(draft: Draft, context: Context, secrets: Secrets) -> None:
        access, secret = (joined((key,), "", context, secrets) for key in keys)
        kind = draft.content_type
        lines = [f"{draft.method} {draft.target}", f"Host: {draft.origin.authority}"]
        lines += [f"Content-Type: {kind}"] if kind else []
        body = draft.body_text() if kind and kind != "application/octet-stream" else ""
        sign = mac("sha1", secret, "\n".join([*lines, "", body]), "base64url")
        draft.put("header", "Authorization", f"Qiniu {access}:{sign}")

    return Recipe("bytes", apply, keys)


def _volc_v4(part: Part, names: Names) -> Recipe:
    service, region = part.text("service"), part.text("region")
    keys = tuple(tree(part.need(name), part.at(name), names) for name in ("key_id", "key"))

    def apply(draft: Draft, context: Context, secrets: Secrets) -> None:
        # Imported by those alone that use it.
        from earshot.signing.volcengine_v4 import AccessKey, headers  # noqa: PLC0415

        access = AccessKey(*(joined((one,), "", context, secrets) for one in keys))
        # The query is signed in the order of its names, and sent so.
        draft.query = dict(sorted(draft.query.items()))
        body, kind = draft.body_text().encode(), draft.content_type
        made = headers(
            draft.method,
            f"{draft.origin.url}{draft.target}",
            body,
            access,
            context["now_ms"],
            service=service,
            region=region,
            content_type=kind,
        )
        draft.put("header", "Authorization", made.pop("Authorization"))
        draft.headers |= made

    return Recipe("bytes", apply, keys)


RECIPES: dict[str, Callable[[Part, Names], Recipe]] = {
    "field": _field,
    "basic": _basic,
    "bearer": _bearer,
    "digest_parts": _digest_parts,
    "sorted_params_digest": _sorted_params,
    "hmac_headers": _hmac_headers,
    "qiniu_mac": _qiniu_mac,
    "volc_v4": _volc_v4,
}
