"""The house keeps its own rules: each test is named after the rule it keeps (ARCHITECTURE.md, the twelve rules)."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from django.apps import apps

HOUSE = Path("entrepot")
DOORS = {"storefront", "seller_centre", "hub_floor", "console", "api", "cli", "app"}
WINDOWS = {"commands", "queries", "events", "errors"}
ENGINES = {"kit"}  # rooms whose every module is a window
BANNED = re.compile(r"(^|_)(merchant|vendor|listing|shipment|customer|basket|suborder)s?(_|$)", re.IGNORECASE)
WRITES = {
    "create", "bulk_create", "bulk_update", "update", "delete", "get_or_create", "update_or_create", "save", "copy_from",
}  # fmt: skip
CLOCK_AND_LUCK = {
    "now",
    "utcnow",
    "today",
    "uuid4",
    "uuid1",
    "random",
    "randint",
    "choice",
    "get_random_string",
}
# Files that may write: commands, and the projections that rebuild tables from the journal.
WRITERS = re.compile(r"(^|/)(commands|projection|models|migrations)(/|\.py$)")


def sources(*, outside: set[str] = frozenset()) -> Iterator[tuple[Path, str, ast.Module]]:  # type: ignore[assignment]
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).parts
        if len(parts) > 1 and "migrations" not in parts and parts[0] not in outside:
            yield path, parts[0], ast.parse(path.read_text())


def nodes(*, outside: set[str] = frozenset()) -> Iterator[tuple[Path, str, ast.AST]]:  # type: ignore[assignment]
    for path, room, tree in sources(outside=outside):
        for node in ast.walk(tree):
            yield path, room, node


def storeys() -> dict[str, int]:
    config = configparser.ConfigParser()
    config.read(".importlinter")
    rows = config["importlinter:contract:down"]["layers"].strip().splitlines()
    return {room: height for height, row in enumerate(reversed(rows)) for room in re.findall(r"\w+", row)}


def test_enter_by_a_window() -> None:
    graph = grimp.build_graph("entrepot", cache_dir=None, exclude_type_checking_imports=True)
    wrong = []
    for importer in graph.modules:
        here = importer.split(".")[1:2]
        if here in (["app"], ["__main__"]):
            continue  # app wires the processes together
        for imported in graph.find_modules_directly_imported_by(importer):
            there = imported.split(".")
            if len(there) > 2 and [there[1]] != here and there[1] not in ENGINES and there[2] not in WINDOWS:
                # Doors share the storefront's look: its Jinja2 environment and web adapter.
                if there[:3] in (
                    ["entrepot", "storefront", "environment"],
                    ["entrepot", "storefront", "web"],
                ):
                    continue
                wrong.append(f"{importer} enters {imported} through the wall")
    assert not wrong, "\n".join(wrong)


def test_foreign_keys_obey_the_list() -> None:
    height = storeys()
    for model in apps.get_models():
        if not model.__module__.startswith("entrepot."):
            continue
        for field in model._meta.get_fields():
            if field.many_to_one or (field.one_to_one and field.concrete):
                there = field.related_model.__module__
                if there.startswith("entrepot."):
                    here_room, there_room = model.__module__.split(".")[1], there.split(".")[1]
                    assert here_room == there_room or height[there_room] < height[here_room], (
                        f"{model}.{field.name}"
                    )


def test_only_a_command_writes() -> None:
    wrong = []
    for path, _, node in nodes(outside={"kit", "app", "cli"}):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and not WRITERS.search(str(path))
        ):
            verb, whole = node.func.attr, ast.unparse(node.func)
            if verb in WRITES and (".objects" in whole or (verb == "save" and "image" not in whole.lower())):
                wrong.append(f"{path}:{node.lineno} {whole}")
    assert not wrong, "\n".join(wrong)


def test_commands_have_one_shape() -> None:
    wrong = []
    for path in sorted([*HOUSE.glob("*/commands.py"), *HOUSE.glob("*/commands/*.py")]):
        if path.parts[1] in (
            "intake",
            "cli",
        ):  # the engine's client speaks batches, the command line is a door
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                marks = [ast.unparse(mark) for mark in node.decorator_list]
                good = (
                    [argument.arg for argument in node.args.args] == ["ctx"]
                    and node.returns is not None
                    and ast.get_docstring(node)
                    and "_" in node.name
                    and any(mark.startswith("command(scope=") for mark in marks)
                )
                if not good:
                    wrong.append(
                        f"{path}:{node.lineno} {node.name}: ctx then names, a type, a docstring, a scope"
                    )
    assert not wrong, "\n".join(wrong)


def test_windows_are_documented() -> None:
    wrong = []
    for path, _, tree in sources(outside={"cli"}):
        if path.stem in ("commands", "queries", "policy") or path.parent.name == "commands":
            for node in tree.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                    if not ast.get_docstring(node):
                        wrong.append(f"{path}:{node.lineno} {node.name}")
    assert not wrong, "\n".join(wrong)


def test_who_when_and_luck_come_in_by_the_door() -> None:
    wrong = []
    for path, _, node in nodes(outside=DOORS | {"kit", "intake"}):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.rsplit(".", 1)[-1] in CLOCK_AND_LUCK and called != "clock.now":
                wrong.append(f"{path}:{node.lineno} {called}")
    assert not wrong, "\n".join(wrong)


def test_law_is_dated_data() -> None:
    wrong = []
    for path, _, node in nodes():
        if isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                if (
                    isinstance(side, ast.Constant)
                    and isinstance(side.value, str)
                    and re.fullmatch("[A-Z]{2}", side.value)
                ):
                    wrong.append(f"{path}:{node.lineno} {ast.unparse(node)}")
    assert not wrong, "\n".join(wrong)


def test_one_word_per_thing() -> None:
    wrong = []
    for path, _, node in nodes():
        if (
            "adapters" in path.parts or "formats" in path.parts
        ):  # other people's words for other people's formats
            continue
        for name in (getattr(node, "name", None), getattr(node, "arg", None), getattr(node, "id", None)):
            if isinstance(name, str) and BANNED.search(name):
                wrong.append(f"{path}:{getattr(node, 'lineno', 0)} {name}")
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.parametrize("kind", ["FloatField", "DecimalField"])
def test_whole_numbers_unit_last(kind: str) -> None:
    for model in apps.get_models():
        if model.__module__.startswith("entrepot."):
            for field in model._meta.get_fields():
                assert field.__class__.__name__ != kind, f"{model.__name__}.{field.name} is a {kind}"


def test_tenanted_rows_are_read_through_their_tenant() -> None:
    """`Model.objects` of a tenanted model is followed by `.of(ctx)`, or creates rows, or stands in a projection."""
    tenanted = {model.__name__ for model in apps.get_models() if hasattr(model, "tenant_columns")}
    allowed = {"of", "create", "bulk_create", "model", "db"}
    wrong = []
    for path, _, tree in sources(outside={"kit", "app"}):
        if path.stem in ("projection", "models"):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Attribute)
                and node.value.attr == "objects"
            ):
                owner = ast.unparse(node.value.value).rsplit(".", 1)[-1]
                if owner in tenanted and node.attr not in allowed:
                    wrong.append(f"{path}:{node.lineno} {owner}.objects.{node.attr}")
    assert not wrong, "\n".join(wrong)


def test_no_network_outside_adapters() -> None:
    clients = {"httpx", "requests", "urllib.request", "aiohttp", "smtplib"}
    wrong = []
    for path, _, node in nodes(outside={"app"}):
        if isinstance(node, ast.Import | ast.ImportFrom) and "adapters" not in path.parts:
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            )
            wrong += [f"{path}:{node.lineno} {name}" for name in names if name in clients]
    assert not wrong, "\n".join(wrong)
