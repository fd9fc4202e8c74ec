"""What the code imports is declared, what is declared is locked by hash, and nothing has to be compiled."""

import ast
import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOR_TESTS = ("tests", "bench")
OWN = {path.parent.name for path in ROOT.glob("*/__init__.py")}
LOCKS = ("base", "test")
PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))? \\\n(?P<hashes>(?: {4}--hash=.*\n)+)", re.MULTILINE
)


def plain(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(name: str) -> set[str]:
    """The distributions that requirements/NAME.in names itself; test contains base, mutate stands beside test."""
    lines = (ROOT / "requirements" / f"{name}.in").read_text().splitlines()
    own = {plain(found[0]) for line in lines if (found := re.match(r"[A-Za-z0-9._-]+", line)) and line[0] != "-"}
    beside = next((line.split()[1].removesuffix(".txt") for line in lines if line.startswith("-c ")), "")
    below = {"base"} if "-r base.in" in lines else {beside} if beside else set()
    return own.union(*(declared(lock) for lock in below))


def pins(name: str) -> list[re.Match[str]]:
    return list(PIN.finditer((ROOT / "requirements" / f"{name}.txt").read_text()))


def imports(path: Path) -> set[str]:
    """The top names that a file imports, neither the standard library's nor ours."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(), filename=str(path))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names - OWN - sys.stdlib_module_names


@cache
def carriers() -> Mapping[str, list[str]]:
    """For each top name the installed distributions that carry it."""
    return packages_distributions()


def undeclared(path: Path, *, lock: str) -> list[str]:
    """What the file imports from a distribution that requirements/LOCK.in does not name."""
    allowed = declared(lock)
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for name in sorted(imports(path))
        if not allowed & {plain(carrier) for carrier in carriers().get(name, [name])}
    ]


def test_every_library_that_the_portal_imports_is_declared() -> None:
    files = [path for app in OWN - set(FOR_TESTS) for path in sorted((ROOT / app).rglob("*.py"))]
    assert len(files) > 300
    missing = [line for path in [*files, ROOT / "manage.py", ROOT / "portal"] for line in undeclared(path, lock="base")]
    assert missing == []


def test_every_library_that_tests_and_benchmarks_import_is_declared() -> None:
    files = [path for folder in FOR_TESTS for path in sorted((ROOT / folder).rglob("*.py"))]
    files = [path for path in files if "hordak" not in path.parts]  # runs in an environment of its own
    assert len(files) > 100
    locks = {path: "mutate" if "mutation" in path.parts else "test" for path in files}
    assert [line for path, lock in locks.items() for line in undeclared(path, lock=lock)] == []


def test_a_library_that_only_comes_along_counts_as_undeclared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.in").write_text("# words\n--only-binary :all:\nDjango~=5.2.0\n")
    module = tmp_path / "module.py"
    module.write_text("import os\nfrom django.db import models\nfrom asgiref.sync import async_to_sync\n")
    assert undeclared(module, lock="base") == ["module.py: asgiref"]


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_declared_is_locked_by_hash(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    found = pins(lock)
    assert {pin["name"] for pin in found} >= declared(lock)
    assert len(found) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), "a line that is no pin with hashes"
    for pin in found:
        assert re.fullmatch(r"(?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", pin["hashes"]), pin["name"]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_takes_wheels_alone(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    assert text.startswith("--only-binary :all:\n")
    assert "://" not in text
    assert "-url" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_fits_every_python_and_both_processors(lock: str) -> None:
    """A marker may leave out other systems and Pythons; what it says for ours is the same version for all of them."""
    names = [pin["name"] for pin in pins(lock)]
    assert len(names) == len(set(names))
    assert not [pin[0] for pin in pins(lock) if "machine" in (pin["marker"] or "")]


def test_the_libraries_of_the_tests_contain_those_of_the_portal_at_the_same_versions() -> None:
    base, test = ({(pin["name"], pin["version"]) for pin in pins(lock)} for lock in LOCKS)
    assert base - test == set()
