"""What a description may not say, each refused with its place before anything is called."""

from typing import Any

import pytest
from earshot.vendors.declared import expressions
from earshot.vendors.declared.expressions import Expression, Failed
from earshot.vendors.declared.places import BadDescription
from earshot.vendors.declared.trees import Names, NotMade, tree

from tests.unit.declared.declared_parts import SAID, described

ROOTS = frozenset({"a", "b"})


def refused(*changes: tuple[str, Any]) -> BadDescription:
    with pytest.raises(BadDescription) as raised:
        described(*changes)
    return raised.value


def test_the_small_description_is_sound() -> None:
    assert described().outward().finish.method == "POST"


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("format", 2, "format"),
        ("name", "Wren", "name"),
        ("title", None, "title"),
        ("submitt", {}, "submitt"),
        ("verified", {"on": "2026"}, "verified.evidence"),
        ("origins.main", "http://api.wren.example", "origins.main"),
        ("origins.main", "https://user@api.wren.example", "origins.main"),
        ("origins.main", "https://api.wren.example:99999", "origins.main"),
        ("origins.main", "https://api.wren.example:0", "origins.main"),
        ("origins.main", "https://api.wren.example/path", "origins.main"),
        ("origins.main", "https://api.wren.example?x", "origins.main"),
        ("origins.main", "https://api.wren.example#x", "origins.main"),
        ("origins.main", "https://127.0.0.1", "origins.main"),
        ("origins.main", "https://[::1]", "origins.main"),
        ("origins.main", "https://localhost", "origins.main"),
        ("origins.main", "https://api.wren.example.", "origins.main"),
        ("origins.main", "https://аpi.wren.example", "origins.main"),
        ("origins.main", "https://api.wren.example\n", "origins.main"),
        ("origins.main", {"$": "settings.where"}, "origins.main"),
        ("submit.origin", "elsewhere", "submit.origin"),
        ("submit.method", "TRACE", "submit.method"),
        ("submit.form", {}, "submit.form"),
        ("submit.json.id", {"$": "task.reff"}, "submit.json.id"),
        ("submit.json.id", {"$": "settings.app_id"}, "submit.json.id"),
        ("submit.json.id", {"$": "settings"}, "submit.json.id"),
        ("submit.json.id", {"$": "secrets.key"}, "submit.json.id"),
        ("submit.json.id", {"$": "@"}, "submit.json.id"),
        ("submit.json.id", {"$": "room.*"}, "submit.json.id"),
        ("submit.json.id", {"$": "token.user_sig"}, "submit.json.id"),
        ("submit.json.id", {"$secret": "key"}, "submit.json.id"),
        ("submit.json.id", {"$eval": "1"}, "submit.json.id"),
        ("submit.json.id", {"$": "a", "b": 1}, "submit.json.id"),
        ("submit.json.id", {1: 2}, "submit.json.id"),
        ("submit.json.id", {"$table": {"of": "task.ref", "cases": {}}}, "submit.json.id"),
        ("submit.json.id", {"$object": {"a": 1}}, "submit.json.id"),
        ("submit.headers", {"Host": "x"}, "submit.headers.Host"),
        ("submit.headers", {"Content-Length": "1"}, "submit.headers.Content-Length"),
        ("submit.headers", {"A\r\nB": "1"}, "submit.headers.A\r\nB"),
        ("submit.rules", [{"outcome": "accepted"}], "submit.rules"),
        ("submit.rules", [{"when": "status", "outcome": "retry"}], "submit.rules"),
        ("submit.rules", [{"outcome": "retry"}, {"outcome": "unknown"}], "submit.rules"),
        ("submit.rules", [{"outcome": "finished"}], "submit.rules[0].outcome"),
        (
            "submit.rules",
            [{"when": "hedders", "outcome": "retry"}, {"outcome": "unknown"}],
            "submit.rules[0].when",
        ),
        ("submit.outputs", {}, "submit.outputs.vendor_task_id"),
        ("finish.json", {"x": {"$": "room.room_id"}}, "finish.json.x"),
        ("finish.json", {"x": {"$": "task.ref"}}, "finish.json.x"),
        ("on_unknown", "finish_then_resubmit", "on_unknown"),
        ("on_unknown", "resubmit_same_key", "on_unknown"),
        ("on_unknown", "hope", "on_unknown"),
        ("callback.verify", [], "callback.verify"),
        ("callback.verify", [{"recipe": "trust"}], "callback.verify[0].recipe"),
        (
            "callback.verify",
            [{"recipe": "header_secret", "header": "x", "value": {"$secret": "no"}}],
            "callback.verify[0].value",
        ),
        ("callback.map.verdict", None, "callback.map.verdict"),
        ("callback.map.moood", {"$": "event.x"}, "callback.map.moood"),
        ("callback.map.event_id", {"$": "settings.mode"}, "callback.map.event_id"),
        ("callback.map.event_id", {"$secret": "key"}, "callback.map.event_id"),
        ("callback.events", "a[].b", "callback.events"),
        ("callback.body", "json_in_form", "callback.unwrap"),
        ("callback.ack", {"json": {}, "text": "x"}, "callback.ack"),
        ("verdicts", {"ok": "pass"}, "verdicts.default"),
        ("verdicts", {"ok": "fine", "default": "review"}, "verdicts.ok"),
        ("labels", {"default": "bad"}, "labels.default"),
        ("settings.mode", {"type": "word"}, "settings.mode.type"),
        ("settings.mode", {"type": "string", "default": 1}, "settings.mode.default"),
        ("settings.mode", {"type": "string", "pattern": "(a+)+"}, "settings.mode.pattern"),
        ("thrift", {"hits_only": {"nothing": 1}}, "thrift.hits_only.nothing"),
        ("thrift", {"faster": {}}, "thrift.faster"),
        ("targets", ["room"], "targets"),
        ("token", {"zego": "identify_token"}, "token.zego"),
        ("limits", {"timeout_s": 900}, "limits.timeout_s"),
        (
            "poll",
            {"method": "GET", "path": [], "every_s": 5, "rules": [{"outcome": "retry"}]},
            "poll.results",
        ),
    ],
)
def test_it_is_refused_with_its_place(place: str, value: Any, told: str) -> None:
    assert refused((place, value)).place.startswith(told)


def test_every_part_that_must_be_there_is_missed() -> None:
    for name in SAID.keys() - {"settings", "secrets", "token"}:
        assert refused((name, None)).place.startswith(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.",
        "a" * 513,
        "!" * 30 + "a",
        "(" * 256 + "a",
        "[" + ",".join(["a"] * 140) + "]",
        "a[][][][]",
        "a[0:5]",
        "sort_by(a, &b)",
        "map(&a, b)",
        "sum(a)",
        "eval(a)",
        "getattr(a, 'b')",
        "__class__",
        "c",
        "@",
        "a || c.d",
        "[a, c]",
        "{x: c}",
        "join(c, a)",
        "!c",
        "*",
    ],
)
def test_an_expression_is_refused(text: str) -> None:
    with pytest.raises(BadDescription):
        Expression(text, "here", ROOTS)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.x", 1),
        ("a.x == `1` && b", "t"),
        ("c || a.x", 1),
        ("json_parse(a.j).k", [1]),
        ("json_parse(b)", None),
        ("lookup(a, b)", None),
        ("lookup(a, 'x')", 1),
        ("percent_encode('a/b ü')", "a%2Fb%20%C3%BC"),
        ("before_last('t_1_2', '_')", "t_1"),
        ("before_last('t', '_')", "t"),
        ("before_last(a, '_')", None),
        ("to_string(a.x)", "1"),
        ("to_string(a)", None),
        ("join('-', [b, b])", "t-t"),
        ("a.l[?k=='y'].v | [0]", 2),
        ("a.l[].{k: k}", [{"k": "x"}, {"k": "y"}]),
        ("a.__class__", None),
        ("b.upper", None),
        ("contains(`[1, 2]`, a.x)", True),
    ],
)
def test_an_expression_gives(text: str, value: Any) -> None:
    context = {"a": {"x": 1, "j": '{"k": [1]}', "l": [{"k": "x", "v": 1}, {"k": "y", "v": 2}]}, "b": "t"}
    assert Expression(text, "here", ROOTS | {"c"})(context) == value


def test_a_function_on_what_it_does_not_take_fails_and_tells_nothing_of_it() -> None:
    with pytest.raises(Failed) as raised:
        Expression("length(a)", "here", ROOTS)({"a": 7, "b": "s3cret"})
    assert "7" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "|".join(["[a,a]"] + ["[@,@]"] * 60),
        "[" + ",".join(["a[]"] * 3) + "][]",
        "a[*].[@,@,@,@,@,@,@,@][*][*]",
        "join('', [" + ",".join(["to_string(b)"] * 20) + "])",
        "|".join(["join('',[b,b])"] + ["join('',[@,@])"] * 20),
    ],
)
def test_a_blow_up_ends_early(text: str) -> None:
    """Whether when it is read, when it is evaluated, or when what it makes would be written out."""
    context = {"a": [list(range(1_000))] * 60, "b": "x" * 10_000}
    try:
        made = tree({"$": text}, "here", Names(ROOTS))
    except BadDescription:
        return
    with pytest.raises(NotMade):
        made(context)


def test_the_steps_of_one_evaluation_are_counted() -> None:
    every = Expression("a[?k == 'no'][]", "here", ROOTS)
    assert every({"a": [{"k": "x"}] * 1_000}) == []
    with pytest.raises(Failed):
        every({"a": [{"k": "x"}] * expressions.MAX_STEPS})


def test_a_tree_is_not_too_deep_nor_too_large() -> None:
    deep: Any = "x"
    for _ in range(30):
        deep = {"in": deep}
    for node in (deep, {str(at): at for at in range(140)}):
        with pytest.raises(BadDescription):
            tree(node, "here", Names(ROOTS))


def test_null_drops_its_key_and_stays_in_a_list() -> None:
    made = tree(
        {"x": {"$": "a.no"}, "l": [{"$": "a.no"}, 1], "t": {"$json": {"y": {"$": "a.no"}, "é": "ü"}}},
        "h",
        Names(ROOTS),
    )
    assert made({"a": {}, "b": 1}) == {"l": [None, 1], "t": '{"é":"ü"}'}


def test_objects_are_merged_and_named_by_trees() -> None:
    node = {"$merge": [{"$": "a"}, {"$object": [[{"$": "b"}, 1], ["", 2], ["gone", None]]}]}
    assert tree(node, "h", Names(ROOTS))({"a": {"x": 0}, "b": "y"}) == {"x": 0, "y": 1}
    with pytest.raises(NotMade):
        tree(node, "h", Names(ROOTS))({"a": [1], "b": "y"})
