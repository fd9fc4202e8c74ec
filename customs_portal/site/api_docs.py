"""The page that describes the API: written on the server from the schema, to be read without a script."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

_METHODS = ("get", "post", "put", "patch", "delete")
_REFERENCE = "#/components/schemas/"
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value is, in a few words; `name` leads to the component that says more."""

    words: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    shape: Shape
    about: str
    required: bool
    where: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    status: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Operation:
    """A request that can be made."""

    key: str
    method: str
    path: str
    summary: str
    about: str
    fields: list[Field]
    body: Shape | None
    results: list[Result]
    example: str


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    about: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Group:
    """Requests about one thing: the first word of their path."""

    name: str
    operations: list[Operation]


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every request, what it takes and answers, and the parts of which these are made."""
    groups, components = described()
    return render(request, "api_docs.html", {"groups": groups, "components": components})


@cache
def described() -> tuple[list[Group], list[Component]]:
    """The schema as it is read: it is the same as long as the process lives."""
    generator: Any = SchemaGenerator
    schema = generator().get_schema(request=None, public=True)
    groups: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        name = path.removeprefix("/api/v1/").partition("/")[0]
        groups.setdefault(name, []).extend(
            _operation(path, method, methods[method]) for method in _METHODS if method in methods
        )
    components = [
        Component(name, str(part.get("description", "")), list(_fields(part)))
        for name, part in sorted(schema["components"]["schemas"].items())
    ]
    return [Group(name, operations) for name, operations in sorted(groups.items())], components


def _operation(path: str, method: str, said: Schema) -> Operation:
    fields = [
        Field(
            each["name"],
            _shape(each["schema"]),
            str(each.get("description", "")),
            bool(each.get("required")),
            each["in"],
        )
        for each in said.get("parameters", ())
    ]
    answers = {status: answer for status, answer in said.get("responses", {}).items() if status != "default"}
    results = [Result(status, _shape_of(answer)) for status, answer in answers.items()]
    body = said.get("requestBody")
    return Operation(
        key=str(said["operationId"]),
        method=method.upper(),
        path=path,
        summary=str(said.get("summary") or said.get("description", "").partition("\n")[0]),
        about=str(said.get("description", "") if said.get("summary") else ""),
        fields=fields,
        body=_shape_of(body) if body else None,
        results=results,
        example=_example(body or {}) or next((found for one in answers.values() if (found := _example(one))), ""),
    )


def _shape_of(content: Schema) -> Shape:
    """Of the first way in which a body may be written."""
    for kind, part in content.get("content", {}).items():
        shape = _shape(part.get("schema", {}))
        return shape if kind == "application/json" else Shape(f"{shape.words} ({kind})", shape.name)
    return Shape("")


def _example(content: Schema) -> str:
    for part in content.get("content", {}).values():
        for example in part.get("examples", {}).values():
            return json.dumps(example.get("value"), ensure_ascii=False)
    return ""


def _fields(part: Schema) -> Iterator[Field]:
    required = set(part.get("required", ()))
    for name, each in part.get("properties", {}).items():
        yield Field(name, _shape(each), str(each.get("description", "")), name in required)


def _shape(schema: Schema) -> Shape:
    """A type, its format, the values it may have; of a list what it holds."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REFERENCE)
        return Shape(name, name)
    for word in ("allOf", "oneOf", "anyOf"):
        parts = [_shape(part) for part in schema.get(word, ())]
        if parts:
            named = next((part.name for part in parts if part.name), "")
            return Shape(" | ".join(part.words for part in parts), named)
    kind = schema.get("type", "any")
    if kind == "array":
        held = _shape(schema.get("items", {}))
        return Shape(f"list of {held.words}", held.name)
    words = " | ".join(kind) if isinstance(kind, list) else str(kind)
    if "enum" in schema:
        return Shape(" | ".join(str(value) for value in schema["enum"] if value not in ("", None)))
    if "format" in schema:
        words += f" ({schema['format']})"
    if "maxLength" in schema:
        words += f", ≤ {schema['maxLength']}"
    return Shape(words)
