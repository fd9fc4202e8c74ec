"""The mutants of a source file: mutmut's, of decorated functions too, without those that change words alone."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

# What is said to people and to the log is judged by its code; a changed word in it is no fault of a rule.
_WORDS = ("_", "gettext", "ngettext", "gettext_lazy", "cast")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault in one file."""

    path: Path
    line: int
    _module: cst.Module
    _old: cst.CSTNode
    _new: cst.CSTNode

    def source(self) -> str:
        """The whole file with the fault."""
        mutated = self._module.deep_replace(self._old, self._new)
        assert isinstance(mutated, cst.Module)
        return mutated.code

    def difference(self) -> str:
        """The changed lines alone, each behind - or +."""
        lines = difflib.unified_diff(self._module.code.splitlines(), self.source().splitlines(), n=0, lineterm="")
        changed = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        return "\n".join(f"{line[0]} {line[1:].strip()}" for line in changed)


class _Visitor(MutationVisitor):
    """mutmut leaves decorated functions out because it keeps copies of a function beside it; there are none here."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            return False
        if isinstance(node, cst.Assert) or _is_about_words(node):
            return True
        return bool(super()._skip_node_and_children(node))


def _is_about_words(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Assign):
        return isinstance(node.targets[0].target, cst.Name) and node.targets[0].target.value == "__all__"
    if not isinstance(node, cst.Call):
        return False
    called = node.func
    if isinstance(called, cst.Name):
        return called.value in _WORDS or called.value.endswith("Error")
    return isinstance(called, cst.Attribute) and isinstance(called.value, cst.Name) and called.value.value == "log"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of the file, in the order of its lines."""
    wrapper = MetadataWrapper(cst.parse_module(path.read_text(encoding="utf-8")))
    visitor = _Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    places = wrapper.resolve(PositionProvider)
    for mutation in visitor.mutations:
        old, new = mutation.original_node, mutation.mutated_node
        if not _changes_case(old, new):
            place = places.get(old)
            yield Mutant(path, place.start.line if place else 0, wrapper.module, old, new)


def _changes_case(original: cst.CSTNode, mutated: cst.CSTNode) -> bool:
    """Of a string's three mutants one is enough."""
    if not (isinstance(original, cst.SimpleString) and isinstance(mutated, cst.SimpleString)):
        return False
    return original.value.lower() == mutated.value.lower()
