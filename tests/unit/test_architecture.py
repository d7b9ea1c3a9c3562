"""The house keeps its shape: imports point inward, a vendor's words stay in its folder, files stay small."""

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from earshot.platforms.registry import PLATFORMS
from earshot.vendors.registry import VENDORS

from tests.unit.support.root import FUNCTIONS, LAYER, PACKAGE

MODULES = sorted(PACKAGE.rglob("*.py"))
APPS = sorted(FUNCTIONS.rglob("*.py"))
CODE = [*MODULES, *APPS]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, at any depth, also for types only; ``from a import b`` gives ``a.b``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def below(part: str) -> list[Path]:
    paths = [path for path in MODULES if path.is_relative_to(PACKAGE / part)]
    assert paths, f"no module in {part}: the rule would hold for nothing"
    return paths


def name(path: Path) -> str:
    root = LAYER if path.is_relative_to(LAYER) else FUNCTIONS.parent
    return str(path.relative_to(root))


def breaches(paths: list[Path], forbidden: str) -> list[str]:
    return [
        f"{name(path)}: {module}"
        for path in paths
        for module in imported(path)
        if re.match(forbidden, module)
    ]


OUTER = r"earshot\.(usecases|wiring)\b"
INWARD = [
    ("store", rf"{OUTER}|earshot\.(vendors|platforms|contract)\b"),
    ("vendors", rf"{OUTER}|earshot\.(store|contract|platforms)\b"),
    ("platforms", rf"{OUTER}|earshot\.(store|contract|vendors)\b"),
    ("contract", rf"{OUTER}|earshot\.store\b"),
    ("usecases", r"earshot\.wiring\b"),
    ("", r"(functions|local|tests|events)\b"),
]


@pytest.mark.parametrize(("part", "forbidden"), INWARD)
def test_imports_point_inward(part: str, forbidden: str) -> None:
    assert breaches(below(part), forbidden) == []


def test_the_domain_knows_the_standard_library_and_itself() -> None:
    allowed = sys.stdlib_module_names - {
        "os",
        "time",
        "random",
        "secrets",
        "socket",
        "urllib",
        "http",
        "logging",
    }
    for path in below("domain"):
        strangers = {
            module
            for module in imported(path)
            if not module.startswith("earshot.domain.") and module.partition(".")[0] not in allowed
        }
        assert strangers == set(), name(path)


def test_the_domain_asks_nobody_what_time_it_is() -> None:
    for path in below("domain"):
        asked = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
        assert asked & {"now", "utcnow", "today", "time_ns", "monotonic"} <= {"now"}, name(path)
        calls = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
        assert calls & {"datetime.now", "date.today", "time.time", "open"} == set(), name(path)


def test_only_functions_wire() -> None:
    """Everything else is given what it needs; and only the clock knows the time, only settings the environment."""
    assert breaches([path for path in MODULES if path.name != "wiring.py"], r"earshot\.wiring\b") == []
    for path in MODULES:
        reads = set(imported(path))
        if path.name not in {"clock.py"}:
            assert not reads & {"time", "time.time", "time.time_ns"}, name(path)
        if path.name not in {"settings.py"}:
            assert not reads & {"os", "os.environ"}, name(path)


def test_functions_are_adapters() -> None:
    for path in APPS:
        assert {module.partition(".")[0] for module in imported(path)} <= sys.stdlib_module_names | {
            "earshot"
        }
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 60, (
            f"{name(path)} does not fit on a screen"
        )


@pytest.mark.parametrize("package", [*VENDORS.values(), *PLATFORMS.values()])
def test_a_folder_is_known_to_its_registry_alone(package: str) -> None:
    home = LAYER.joinpath(*package.split("."))
    assert home.is_dir()
    strangers = [path for path in CODE if not path.is_relative_to(home)]
    assert breaches(strangers, re.escape(package) + r"\b") == []


# --- a vendor's words

SHUMEI = r"shumei|riskLevel|riskType|requestId|btId|statCode|auxInfo|streamType|passThrough|[Dd]upRequest"
ZEGO = r"zego|IdentifyToken|EffectiveTime|SignatureNonce"
EXCEPTIONS = {
    ("shumei", "earshot/vendors/registry.py"): {"shumei", "earshot.vendors.shumei"},
    ("shumei", "earshot/contract/plan.py"): {"shumei"},  # the default plan's vendor
    ("zego", "earshot/platforms/registry.py"): {"zego", "earshot.platforms.zego"},
    # what is known of everybody's limits stands in one table
    **{(name, "earshot/limits.py"): {name} for name in ("shumei", "zego", "yidun", "tupu")},
    # a vendor that can enter a platform's rooms must name the platform
    ("zego", "earshot/vendors/shumei/streams/__init__.py"): {"zego", "earshot.vendors.shumei.streams.zego"},
    ("zego", "earshot/vendors/shumei/streams/zego.py"): {"zegoParam", "zegoParam.tokenId"},
    ("zego", "earshot/vendors/shumei/options.py"): {"zegoParam"},
    ("yidun", "earshot/vendors/registry.py"): {"yidun", "earshot.vendors.yidun"},
    ("zego", "earshot/vendors/yidun/address.py"): {"zego", "_zego", "rtc://room.zego.im/", "zegoTestEnv"},
    ("zego", "earshot/vendors/yidun/options.py"): {"zego", "zegoTestEnv"},
    ("zego", "earshot/vendors/yidun/token_api.py"): {"zego"},
    ("zego", "earshot/vendors/volcengine/params.py"): {"zego"},
    ("zego", "earshot/vendors/tupu/options.py"): {
        *("zego", "zegoFields", "zegoPath", "zegoAddress"),
        "rtc://room.zego.im/{room_id}?identify_token={token}",
    },
    ("zego", "earshot/vendors/tupu/stream.py"): {
        *("zego", "_zego", "zegoFields", "zegoFields.", "zegoAddress"),
        "Tupu hears zego rooms only with the option zegoFields",
    },
    **{("zego", f"earshot/vendors/{vendor}/capabilities.py"): {"zego", "zegoFields"} for vendor in VENDORS},
    # two vendors may call a thing by the same word
    ("shumei", "earshot/vendors/tupu/fields.py"): {"requestId"},
    ("yidun", "earshot/vendors/tupu/fields.py"): {"dataId"},
    ("tupu", "earshot/vendors/registry.py"): {"tupu", "earshot.vendors.tupu"},
}


def words(path: Path) -> Iterator[str]:
    """Strings and names; what stands in docstrings and comments may explain itself with anybody's words."""
    prose = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value
        if isinstance(node, ast.Attribute):
            yield node.attr
        if isinstance(node, ast.Name):
            yield node.id
        if isinstance(node, ast.arg | ast.keyword) and node.arg:
            yield node.arg
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


WORDS = [
    ("shumei", "vendors/shumei", SHUMEI),
    ("zego", "platforms/zego", ZEGO),
    ("trtc", "platforms/trtc", r"TLS\.|userbuf"),
    ("yunxin", "platforms/yunxin", r"CheckSum|CurTime|getRecordSdk|expireSeconds"),
    (
        "yidun",
        "vendors/yidun",
        r"yidun|dataId|callbackData|censorSource|finishType|feedbacks|uniqueKey|livewall",
    ),
    ("tupu", "vendors/tupu", r"tupu|speechStream|callbackRules|sliceStartTime"),
    ("gin", "platforms/gin", r"X-Earshot-Signature|token_key"),
]


@pytest.mark.parametrize(("owner", "home", "pattern"), WORDS)
def test_a_vendors_words_stay_in_its_folder(owner: str, home: str, pattern: str) -> None:
    for path in CODE:
        if path.is_relative_to(PACKAGE / home):
            continue
        allowed = EXCEPTIONS.get((owner, name(path)), set())
        found = {word for word in words(path) if re.search(pattern, word)}
        assert found - allowed == set(), name(path)


def test_the_words_are_looked_for_where_they_are() -> None:
    """The search itself finds them in their own folders."""
    for _, home, pattern in WORDS:
        assert any(re.search(pattern, word) for path in below(home) for word in words(path))


# --- sizes


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield f"{name(path)}:{node.name}", node.end_lineno - node.lineno + 1


def test_functions_are_short() -> None:
    lengths = dict(length for path in CODE for length in functions(path))
    assert {which: lines for which, lines in lengths.items() if lines > 60} == {}
    assert sum(lines <= 30 for lines in lengths.values()) >= 0.9 * len(lengths)


def test_files_are_short() -> None:
    sizes = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert {which: lines for which, lines in sizes.items() if lines > 300} == {}
    assert statistics.median(sizes.values()) <= 80


def test_every_module_says_what_it_is_for() -> None:
    assert [name(path) for path in CODE if not ast.get_docstring(tree(path))] == []
