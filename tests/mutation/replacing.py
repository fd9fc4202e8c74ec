"""Puts a mutant in the place of a module: in the functions of a running process, or before anything is imported.

The file on disk is never written. As a plugin of pytest (`-p tests.mutation.replacing`) it reads from the environment
which module is replaced, by what, and which prepared database the tests use.
"""

import functools
import gc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from django.db import connection

Cache = functools._lru_cache_wrapper  # type: ignore[type-arg]
MODULE, PATH, SOURCE, DATABASE = "MUTATED_MODULE", "MUTATED_PATH", "MUTATED_SOURCE", "MUTATION_DATABASE"


# In a running process -----------------------------------------------------------------------------------------


def compiled(source: str, path: Path) -> CodeType:
    return compile(source, str(path), "exec", dont_inherit=True)


def changed(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """The outermost functions that differ, old and new; None where the module or a class itself differs."""
    olds, news = _inner(old), _inner(new)
    if _shape(old) != _shape(new) or len(olds) != len(news):
        return None
    pairs: list[tuple[CodeType, CodeType]] = []
    for before, after in zip(olds, news, strict=True):
        if _same(before, after):
            continue
        if before.co_flags & 2:  # CO_NEWLOCALS: a function, no class
            pairs.append((before, after))
            continue
        below = changed(before, after)
        if below is None:
            return None
        pairs += below
    return pairs


def _inner(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _same(old: CodeType, new: CodeType) -> bool:
    olds, news = _inner(old), _inner(new)
    if _shape(old) != _shape(new) or len(olds) != len(news):
        return False
    return all(_same(before, after) for before, after in zip(olds, news, strict=True))


def _shape(code: CodeType) -> tuple[object, ...]:
    """What a code object does, without where its lines stand."""
    constants = [(type(value), value) for value in code.co_consts if not isinstance(value, CodeType)]
    names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    counts = (code.co_argcount, code.co_kwonlyargcount, code.co_flags)
    return code.co_code, repr(constants), names, counts, code.co_exceptiontable


def functions_of(path: Path) -> list[FunctionType]:
    """Every function alive that was written in the file."""
    name = str(path)
    alive = (thing for thing in gc.get_objects() if type(thing) is FunctionType)
    return [function for function in alive if function.__code__.co_filename == name]


def replace_code(pairs: Sequence[tuple[CodeType, CodeType]], functions: Sequence[FunctionType]) -> bool:
    """Give the functions their new code; False where one of them is not there or cannot take it."""
    for old, new in pairs:
        owners = [function for function in functions if function.__code__ == old]
        if not owners or old.co_freevars != new.co_freevars:
            return False
        for function in owners:
            function.__code__ = new
    return True


def caches() -> list[Cache]:
    """Every cache of a function's results."""
    return [thing for thing in gc.get_objects() if type(thing) is functools._lru_cache_wrapper]


# Before anything is imported ----------------------------------------------------------------------------------


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        return compiled(Path(os.environ[SOURCE]).read_text(encoding="utf-8"), Path(self.path))


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != os.environ[MODULE]:
            return None
        place = os.environ[PATH]
        return importlib.util.spec_from_file_location(fullname, place, loader=_Loader(fullname, place))


if MODULE in os.environ:
    sys.meta_path.insert(0, _Finder())


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> bool | None:
    """The database is the one that the first process has prepared."""
    if DATABASE not in os.environ or fixturedef.argname != "django_db_setup":
        return None
    connection.settings_dict["NAME"] = os.environ[DATABASE]
    fixturedef.cached_result = (None, fixturedef.cache_key(request), None)  # type: ignore[arg-type]
    return True
