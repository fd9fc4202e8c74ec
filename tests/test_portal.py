"""`./portal` before its libraries are there: which Python it takes, what it says, when it makes .venv new."""

import ast
import platform
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "portal"


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec = spec_from_loader("portal", SourceFileLoader("portal", str(SOURCE)))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(path: Path, script: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def become_python(portal: ModuleType, monkeypatch: pytest.MonkeyPatch, *version: int) -> None:
    monkeypatch.setattr(portal.sys, "version_info", (*version, 0))


# Which Python -------------------------------------------------------------------------------------------------


def test_the_newest_python_that_runs_is_taken(portal: ModuleType, on_the_path: Path) -> None:
    program(on_the_path / "python3.14", "exit 127")  # a shim of a version that is not switched on
    program(on_the_path / "python3.13", "echo False")  # not what its name says
    program(on_the_path / "python3.11", "echo True")
    good = program(on_the_path / "python3.12", "echo True")
    assert portal.newest_python() == good


def test_an_old_python_goes_on_with_a_newer_one_and_the_same_arguments(
    portal: ModuleType, on_the_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    good = program(on_the_path / "python3.13", "echo True")
    started: list[list[str]] = []
    monkeypatch.setattr(portal.os, "execv", lambda name, command: started.append(command))
    monkeypatch.setattr(sys, "argv", ["./portal", "demo", "--port", "8100"])
    become_python(portal, monkeypatch, 3, 9)
    portal.use_a_python_that_suits()
    assert started == [[good, str(SOURCE), "demo", "--port", "8100"]]
    assert "needs Python 3.11 to 3.14; this is 3.9" in capfd.readouterr().err


def test_an_old_python_alone_is_refused_in_words(
    portal: ModuleType, on_the_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    become_python(portal, monkeypatch, 3, 10)
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 to 3\.14; this is 3\.10, and no such one"):
        portal.use_a_python_that_suits()


@pytest.mark.parametrize("minor", [11, 12, 13, 14, 15])
def test_a_python_that_is_new_enough_is_kept(
    portal: ModuleType, on_the_path: Path, monkeypatch: pytest.MonkeyPatch, minor: int
) -> None:
    program(on_the_path / "python3.12", "echo True")
    become_python(portal, monkeypatch, 3, minor)
    portal.use_a_python_that_suits()


def test_every_python_since_3_6_can_read_the_file() -> None:
    """Else an old Python stops with a syntax error where it should say what it needs or find a newer one."""
    tree = ast.parse(SOURCE.read_text(), feature_version=(3, 6))
    annotations = [
        annotation
        for node in ast.walk(tree)
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None))
    ]
    assert not [ast.unparse(node) for node in annotations if isinstance(node, ast.Subscript | ast.BinOp)]


# What it says -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("machine", "called"), [("x86_64", "x86-64"), ("aarch64", "arm64")])
def test_it_says_which_python_and_processor_it_found(
    portal: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    machine: str,
    called: str,
) -> None:
    monkeypatch.setattr(portal.platform, "machine", lambda: machine)
    portal.say_what_was_found()
    said = capsys.readouterr()
    assert said.err == f"portal: Python {platform.python_version()} ({sys.executable}) on {called}\n"
    assert said.out == ""


def test_a_newer_python_and_another_processor_are_warned_about(
    portal: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(portal.platform, "machine", lambda: "riscv64")
    become_python(portal, monkeypatch, 3, 15)
    portal.say_what_was_found()
    said = capsys.readouterr().err
    assert "newer than 3.14, the newest tried" in said
    assert "may be missing for this processor" in said


def test_the_package_that_makes_virtual_environments_is_that_of_this_python(
    portal: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal, "VENV", tmp_path / "none")
    monkeypatch.setattr(portal.importlib.util, "find_spec", lambda name: None)
    become_python(portal, monkeypatch, 3, 13)
    assert "python3.13-venv" in portal.missing_packages(browser=False)


def test_it_goes_on_without_what_only_helps_and_says_once_what_is_missing(
    portal: ModuleType,
    on_the_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(portal, "VENV", tmp_path)
    monkeypatch.setattr(portal, "FONTS", str(tmp_path))
    for _time in range(2):
        portal.install_what_helps(browser=False)
    said = capsys.readouterr().out
    assert said.count("without the system package tesseract-ocr passports are not read from a photo") == 1
    assert said.count("fonts-freefont-ttf") == 1
    program(on_the_path / "tesseract", "true")
    assert "tesseract-ocr" not in portal.packages_that_help(browser=False)


# The virtual environment --------------------------------------------------------------------------------------


def test_an_environment_of_another_python_or_processor_does_not_serve(portal: ModuleType, tmp_path: Path) -> None:
    this = " ".join(map(str, sys.version_info[:2]))
    makers = {
        "same": f"echo '{this} {platform.machine()}'",
        "python": f"echo '3 9 {platform.machine()}'",
        "processor": f"echo '{this} mips'",
        "broken": "exit 1",
    }
    for name, script in makers.items():
        program(tmp_path / name / "bin" / "python", script)
    assert [name for name in [*makers, "absent"] if portal.is_of_this_python(tmp_path / name)] == ["same"]
