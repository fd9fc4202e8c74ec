"""What the house rules ask of the project's own code: each module is parsed and walked once for all of them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


@cache
def _by_kind(path: Path) -> dict[type[ast.AST], list[Any]]:
    """All nodes of a module: it is walked once, whatever is asked about it."""
    found: dict[type[ast.AST], list[Any]] = {}
    for node in ast.walk(tree(path)):
        found.setdefault(type(node), []).append(node)
    return found


def nodes(path: Path, *kinds: type[ast.AST]) -> Iterator[Any]:
    for kind in kinds:
        yield from _by_kind(path).get(kind, ())


@cache
def calls(path: Path) -> list[tuple[ast.Call, str]]:
    """Each call and what is called, as it is written."""
    return [(node, ast.unparse(node.func)) for node in nodes(path, ast.Call)]


def forget() -> None:
    for remembered in (tree, _by_kind, calls):
        remembered.cache_clear()
