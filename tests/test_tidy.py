"""The house rules, enforced by a machine. A rule that needs an exception names it here, with the reason."""

import ast
import csv
import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from declarations.models import Status
from lib.moves import Moves
from payments.models import Reservation
from tests.syntax import FUNCTIONS, calls, forget, nodes, tree

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "accounts", "traders", "travel_receipts", "tariffs", "tariff_changes", "tariff_lookup", "declarations",
    "passengers", "payments", "risk", "clearance", "border", "reporting", "notifications", "machines", "oversight",
)  # fmt: skip
MONEY = ("tariffs", "tariff_changes", "tariff_lookup", "declarations", "passengers", "payments", "clearance", "border")
DOORS = ("views", "api", "forms", "tasks")
MAY_ASK_THE_CLOCK = (
    "views", "context", "api", "management", "tasks", "middleware", "admin", "adapter", "authentication", "scopes",
    "demo", "site",
)  # fmt: skip
# Searching ranks texts: its weights are no amounts.
FLOATS_ALLOWED = ("tariff_lookup/search",)
REFUSED_NAMES = ("utils", "helpers", "common", "managers", "signals")


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def product() -> list[Path]:
    return [*sources("customs_portal", "demo", "lib", *APPS), ROOT / "manage.py"]


def everything() -> list[Path]:
    return [*product(), *sources("tests", "bench"), ROOT / "portal"]


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def scripts() -> list[Path]:
    """Our own: libraries lie in static/js/vendor as they were published."""
    return sorted(path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts)


def styles() -> list[Path]:
    return sorted([*(ROOT / "static").rglob("*.css"), *(ROOT / "payments").rglob("*.css")])


@pytest.fixture(scope="module", autouse=True)
def _forget() -> Iterator[None]:
    """Millions of nodes make whatever runs afterwards in this process slower."""
    yield
    forget()
    _refused.cache_clear()


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def is_one_of(path: Path, names: tuple[str, ...]) -> bool:
    """Whether a part of the path below its app is one of `names`, as a module or as a package."""
    return any(part.removesuffix(".py") in names for part in path.relative_to(ROOT).parts)


# Size and names -----------------------------------------------------------------------------------------------


def test_no_file_is_longer_than_500_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*everything(), *templates(), *scripts(), *styles()]
        if (lines := len(path.read_text().splitlines())) > 500
    }
    assert long == {}


def test_no_line_is_longer_than_the_formatters_let_them_be() -> None:
    """One number everywhere: ruff holds Python to it, this test holds styles and scripts."""
    most = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["line-length"]
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*styles(), *scripts()]
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > most
    ]
    assert long == []


def test_the_palette_stands_once() -> None:
    """Each colour says its light and its dark value in one place; only `color-scheme` says which of them is meant."""
    twice = [str(path.relative_to(ROOT)) for path in styles() if "prefers-color-scheme" in path.read_text()]
    assert twice == []


def test_no_function_is_longer_than_70_lines() -> None:
    long = [
        f"{place(path, node)} {node.name} {node.end_lineno - node.lineno + 1}"
        for path in everything()
        for node in nodes(path, *FUNCTIONS)
        if node.end_lineno - node.lineno + 1 > 70
    ]
    assert long == []


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = [str(path.relative_to(ROOT)) for path in product() if is_one_of(path, REFUSED_NAMES)]
    assert drawers == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in [*product(), ROOT / "portal"]
        if path.read_text().strip() and ast.get_docstring(tree(path)) is None
    ]
    assert silent == []


# One writer, no back door -------------------------------------------------------------------------------------


# A status is a field whose moves are a matter of law or money. Each stands in the table of moves of its app.
STATUS_FIELDS = ("status", "closed_as", "outcome", "standing", "safety", "waits_for")
# Moves that no verb makes as yet, and the decision that names the work which will.
AWAITED = {(Status.RELEASED, Status.EXITED): "0023", (Reservation.Status.HELD, Reservation.Status.POSTED): "0023"}


def statuses() -> list[tuple[type[models.Model], str]]:
    """Every field of ours that is a status, with its model."""
    return [
        (model, field.name)
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and field.choices and field.name in STATUS_FIELDS
    ]


def moves() -> list[Moves]:
    found = []
    for app in APPS:
        if (ROOT / app / "states.py").exists():
            module = importlib.import_module(f"{app}.states")
            found += [each for each in vars(module).values() if isinstance(each, Moves)]
    return found


def test_every_status_has_a_table_of_moves() -> None:
    assert {(each.model, each.field) for each in moves()} == set(statuses())
    for each in moves():
        known = {str(value) for value, _label in each.model._meta.get_field(each.field).choices or ()}
        assert set(each.table) | {""} == known | {""}, each.field
        assert all(after <= known for after in each.table.values()), each.field


def _written(node: ast.AST) -> Iterator[str]:
    """Names of columns and attributes that a statement writes."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            yield from (part.attr for part in parts if isinstance(part, ast.Attribute) and not _is_own(part))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in ("update", "create", "update_or_create", "get_or_create"):
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
        if node.func.attr in ("bulk_update", "save"):
            yield from (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))


def _is_own(target: ast.Attribute) -> bool:
    """`self.status = …` in a class that is no row."""
    return isinstance(target.value, ast.Name) and target.value.id == "self"


@cache
def _refused(path: Path) -> frozenset[ast.AST]:
    """What stands inside `with pytest.raises(IntegrityError)`: a proof that the database refuses it."""
    proofs = [
        node for node in nodes(path, ast.With) if "raises(IntegrityError" in ast.unparse(node.items[0].context_expr)
    ]
    return frozenset(inner for proof in proofs for inner in ast.walk(proof))


def test_a_status_is_written_in_states_alone() -> None:
    writers = [
        place(path, node)
        for path in [*sources("demo", *APPS, "tests", "bench")]
        if path.name != "states.py" and not path.is_relative_to(ROOT / "payments" / "sandbox_bank")
        for node in nodes(path, ast.Assign, ast.AnnAssign, ast.Call)
        if set(_written(node)) & set(STATUS_FIELDS) and node not in _refused(path)
    ]
    assert writers == []
    assert set(_written(ast.parse("a.x, row.status = 1, 2").body[0])) == {"x", "status"}
    assert set(_written(ast.parse("R.objects.filter(pk=1).update(status=2)").body[0].value)) == {"status"}  # type: ignore[attr-defined]


def test_every_move_is_made_by_a_verb() -> None:
    """Each status that a table leads to is named by a verb of its app, but those that a decision announces."""
    for each in moves():
        app = each.model._meta.app_label
        verbs = "\n".join(path.read_text() for path in sources(app) if is_one_of(path, ("services", "states")))
        table = re.sub(r"Moves\(.*?\n\)|TRANSITIONS.*?\n}", "", verbs, flags=re.DOTALL)
        reached = {after for old, later in each.table.items() for after in later if (old, after) not in AWAITED}
        missing = {after for after in reached if not re.search(rf"\b{type(after).__name__}\.{after.name}\b", table)}
        assert missing == set(), each.field
    for number in AWAITED.values():
        assert list((ROOT / "docs" / "adr").glob(f"{number}-*.md"))


def test_no_model_overrides_save() -> None:
    overrides = [
        place(path, node)
        for path in product()
        for node in nodes(path, ast.ClassDef)
        for part in node.body
        if isinstance(part, ast.FunctionDef) and part.name == "save" and path.match("*models*")
    ]
    assert overrides == []


def test_nothing_listens_to_signals_and_no_key_is_generic() -> None:
    refused = ("django.dispatch", "django.db.models.signals", "django.core.signals", "celery.signals")
    found = [
        place(path, node)
        for path in product()
        for node in nodes(path, ast.Import, ast.ImportFrom)
        if (isinstance(node, ast.ImportFrom) and node.module in (*refused, "django.contrib.contenttypes.fields"))
        or (isinstance(node, ast.Import) and any(alias.name in refused for alias in node.names))
    ]
    assert found == []


def test_no_import_hides_inside_a_function() -> None:
    hidden = []
    for path in everything():
        inside = [range(node.lineno, node.end_lineno + 1) for node in nodes(path, *FUNCTIONS)]
        found = nodes(path, ast.Import, ast.ImportFrom)
        hidden += [place(path, node) for node in found if any(node.lineno in lines for lines in inside)]
    assert hidden == []


# Money and dates ----------------------------------------------------------------------------------------------


def test_no_float_comes_near_money() -> None:
    found = [
        place(path, node)
        for path in sources(*MONEY, "lib")
        if not str(path.relative_to(ROOT)).startswith(FLOATS_ALLOWED)
        for node, called in calls(path)
        if called == "float" or called.endswith("FloatField")
    ]
    assert found == []


CLOCK = ("timezone.now", "timezone.localdate", "timezone.localtime", "date.today", "datetime.now", "datetime.utcnow")


def test_only_doors_and_tasks_ask_the_clock() -> None:
    found = [
        place(path, node)
        for path in product()
        if not is_one_of(path, MAY_ASK_THE_CLOCK)
        for node, called in calls(path)
        if called.endswith(CLOCK) and not node.args and not node.keywords
    ]
    assert found == []


def test_nothing_is_remembered_for_a_thread() -> None:
    """What depends on the country, the reader or the day comes as an argument.

    A visit of a worker (accounts.services.followups) is no such thing: it says who does the work that is announced.
    """
    ambient = ("threading.local", "ContextVar", "contextvars.ContextVar", "local")
    found = [
        place(path, node)
        for path in product()
        if path != ROOT / "accounts" / "services" / "followups.py"
        for node, called in [
            *calls(path),
            *((node, ast.unparse(base)) for node in nodes(path, ast.ClassDef) for base in node.bases),
        ]
        if called in ambient
    ]
    assert found == []


def test_no_filter_asks_the_clock() -> None:
    found = [
        place(path, node)
        for path in product()
        if "templatetags" in path.parts
        for node, called in calls(path)
        if called.startswith("time.") or (called.endswith(CLOCK) and not node.args and not node.keywords)
    ]
    found += [str(path.relative_to(ROOT)) for path in templates() if re.search(r"{%\s*now\s", path.read_text())]
    assert found == []


def currency_codes() -> set[str]:
    with (ROOT / "countries" / "international" / "currencies.csv").open(encoding="utf-8") as file:
        return {row["code"] for row in csv.DictReader(file)}


def test_the_code_names_no_currency() -> None:
    """Except where texts of law are read: there every currency has its words. The demonstration trades in some."""
    codes = currency_codes()
    found = [
        f"{place(path, node)} {node.value}"
        for path in [*sources("customs_portal", "lib", *APPS)]
        if not path.is_relative_to(ROOT / "tariffs" / "rates")
        for node in nodes(path, ast.Constant)
        if node.value in codes
    ]
    quoted = re.compile(rf"""["'>](?:{"|".join(sorted(codes))})["'<]""")
    found += [str(path.relative_to(ROOT)) for path in [*templates(), *scripts()] if quoted.search(path.read_text())]
    assert found == []


def test_no_amount_is_torn_from_its_currency() -> None:
    torn = re.compile(r"}}\s+{{\s*(?:[\w.]*currency|national)\s*}}")
    found = [str(path.relative_to(ROOT)) for path in templates() if torn.search(path.read_text())]
    assert found == []


def _reads_tables(path: Path) -> Iterator[ast.Attribute]:
    """Uses of a manager. `Model.objects.none()` says a type and reads nothing."""
    empty = {id(node.value) for node in nodes(path, ast.Attribute) if node.attr == "none"}
    for node in nodes(path, ast.Attribute):
        if node.attr in ("objects", "_default_manager") and id(node) not in empty:
            yield node


def test_doors_go_through_selectors_and_services() -> None:
    found = [place(path, node) for path in sources(*APPS) if is_one_of(path, DOORS) for node in _reads_tables(path)]
    assert found == []


# Layers, migrations, languages --------------------------------------------------------------------------------


def test_doors_read_what_was_sent_in_one_way() -> None:
    """Unbounded, it would lie in memory before anybody judged its size."""
    unbounded = [
        place(path, node)
        for path in product()
        if is_one_of(path, DOORS)
        for node, name in calls(path)
        if name.endswith(".read") and not node.args
    ]
    assert unbounded == [], "call lib.uploads.read_upload"


def test_the_layers_hold() -> None:
    program = "from importlinter.cli import lint_imports_command as c; c()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def contracts() -> list[dict[str, Any]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return found


def modules_of(app: str) -> set[str]:
    """Modules and packages directly below an app; migrations are written by a machine and are in no layer."""
    files = {path.stem for path in (ROOT / app).glob("*.py")}
    packages = {path.parent.name for path in (ROOT / app).glob("*/__init__.py")}
    return (files | packages) - {"__init__", "apps", "migrations"}


def test_every_module_of_an_app_stands_in_a_layer() -> None:
    inside = next(each for each in contracts() if "containers" in each)
    assert set(inside["containers"]) == set(APPS)
    layers = {name.strip(" ()") for layer in inside["layers"] for name in layer.split("|")}
    lost = [f"{app}.{name}" for app in APPS for name in sorted(modules_of(app) - layers)]
    assert lost == [], "a layer in pyproject.toml, and docs/adr/0024 if the name is none of the common table"


# What another app may import of an app, beside `models`, `selectors` and `services`.
OPEN_TO_OTHERS = {
    "accounts": {"requests"},
    "tariffs": {"calculation", "columns", "rates", "wording"},
    "tariff_lookup": {"search"},
    "declarations": {"boxes"},
    "passengers": {"requests"},
}


def test_every_other_module_of_an_app_is_protected_from_outside() -> None:
    protected = {name for each in contracts() if each["type"] == "protected" for name in each["protected_modules"]}
    open_names = {"models", "selectors", "services"}
    bare = [
        f"{app}.{name}"
        for app in APPS
        for name in sorted(modules_of(app) - open_names - OPEN_TO_OTHERS.get(app, set()))
        if f"{app}.{name}" not in protected
    ]
    assert bare == []


def test_no_migration_depends_on_code_that_may_change() -> None:
    own = {*APPS, "customs_portal", "demo", "lib"}
    found = [
        place(path, node)
        for path in ROOT.glob("*/migrations/*.py")
        for node in nodes(path, ast.Import, ast.ImportFrom)
        if (isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in own)
        or (isinstance(node, ast.Import) and any(alias.name.split(".")[0] in own for alias in node.names))
    ]
    assert found == []


@pytest.mark.django_db
def test_every_migration_is_written() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.fixture(scope="module")
def fresh_catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project whose catalogues were brought up to date with the code."""
    copy = tmp_path_factory.mktemp("messages") / "portal"
    for name in ("customs_portal", "demo", "lib", "templates", "locale", "static", *APPS):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    command = [sys.executable, "-m", "django", "makemessages", "-l", "ru", "-l", "tg", "--no-obsolete", "--no-location"]
    environment = {key: text for key, text in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return copy / "locale"


@pytest.mark.parametrize("language", ["ru", "tg"])
def test_every_text_is_translated(fresh_catalogues: Path, language: str) -> None:
    catalogue = fresh_catalogues / language / "LC_MESSAGES" / "django.po"
    for kind in ("--untranslated", "--only-fuzzy"):
        left = subprocess.run(["msgattrib", kind, str(catalogue)], capture_output=True, text=True, check=True).stdout
        texts = [line for line in left.splitlines() if line.startswith("msgid ") and line != 'msgid ""']
        assert texts == [], f"{kind[2:]} in {language}: {len(texts)}"


@pytest.mark.parametrize("language", ["ru", "tg"])
def test_every_translation_keeps_the_placeholders(language: str) -> None:
    catalogue = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    command = ["msgfmt", "--check", "--output-file=/dev/null", str(catalogue)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("language", ["ru", "tg"])
def test_every_translation_keeps_the_numbers(language: str) -> None:
    """A limit that was raised in the text is raised in its translations too; "for each kg" may become "for 1 kg"."""
    entries = (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_text().split("\n\n")
    texts = [re.findall(r'^msg(?:id|str(?:\[0\])?) "(.*)"$', entry, re.MULTILINE) for entry in entries]
    wrong = [pair for pair in texts if len(pair) == 2 and numbers_in(pair[0]) - {"1"} != numbers_in(pair[1]) - {"1"}]
    assert wrong == []


def numbers_in(text: str) -> set[str]:
    """Numbers of a text in one notation, without placeholders."""
    text = re.sub(r"%\(\w+\)[sd]|\{[^}]*\}|%[sd]", "", text)
    text = re.sub(r"(?<=\d)[,\u00a0\u202f ](?=\d{3}\b)", "", text)
    return set(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d)", ".", text)))
