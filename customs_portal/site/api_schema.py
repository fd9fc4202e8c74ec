"""What the description of the API says of every request alike: faults as problem details, and an example of each body.

An example is what its door declares (`OpenApiExample`); where it declares none, one is put together from the schema and
the words below, so that it has the right shape for ever.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lib.api_faults import CONTENT_TYPE

JSON = "application/json"
_REFERENCE = "#/components/schemas/"
# An object with more optional parts than this shows those with a word below, as a real one would be filled.
_ALL_OF_SO_MANY = 14
_DEEPEST = 5
Schema = dict[str, Any]

_PROBLEM: Schema = {
    "type": "object",
    "description": "What was wrong (RFC 9457). `detail`, `code` and `pointer` are those of the first violation.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "pointer": {"type": "string", "description": "The field, such as items[2].commodity_code; empty: the whole."},
        "violations": {"type": "array", "items": {"$ref": f"{_REFERENCE}Violation"}},
    },
    "required": ["type", "title", "status", "detail", "code", "pointer", "violations"],
}
_UUID = "0b0c3a52-6d1b-4b5e-9a9e-5a6c1f0e2d11"
_FAULT = {
    "code": "D033",
    "pointer": "items[0].commodity_code",
    "sentence": "There is no commodity 0902300000 on this day.",
}
WORDS: Mapping[str, Any] = {
    "id": _UUID, "declaration": _UUID, "file": _UUID, "mrn": "26TJ000117C0000011", "lrn": "2026-0001",
    "customs_number": "TJ01/2026/C117", "declaration_type": "IM", "general_procedure": "4", "office_code": "TJ01",
    "trader": "010000017", "declarant": "010000017", "declarant_code": "010000017", "consignee_code": "010000017",
    "tin": "010000017", "company": "010000017", "exporter_name": "Ceylon Tea Ltd, Colombo", "export_country": "LK",
    "trading_country": "LK", "destination_country": "TJ", "delivery_terms_code": "CIP",
    "delivery_terms_place": "Dushanbe", "border_mode": "30", "border_identity": "01KH1234AB",
    "border_nationality": "TJ", "invoice_amount": "1500.00", "invoice_currency": "XTS",
    "total_packages": 10, "items": None, "documents": None,
    "commodity_code": "0902300009", "packages_number": "10", "packages_kind": "CT",
    "commercial_description": "Black tea in packets", "origin_country": "LK", "gross_mass": "110", "net_mass": "100",
    "item_price": "1500.00", "procedure_requested": "40", "procedure_previous": "00", "code": "380",
    "reference": "INV-77", "date": "2026-11-20", "reason": "The net mass was mistyped.", "text": "See the contract.",
    "question": "Which contract is this?", "amount": "120.50", "used_percent": "12.5", "payable": "120.50",
    "at": "2026-11-29T10:15:00+05:00", "currency": "XTS", "version": 1,
    "status": "assessed", "method": "account", "tax_code": "DUTY", "rate_text": "5%", "number": "117", "count": 1,
    "name": "invoice.pdf", "content_type": "application/pdf", "size": 48211,
    "language": "en", "email": "zarina@example.com", "account_number": "20204972000000000017", "pointer": "",
}  # fmt: skip


def complete(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """A hook of drf-spectacular, the last one: the schema with faults and examples everywhere."""
    parts = result["components"]["schemas"]
    parts["Problem"] = _PROBLEM
    for operation in _operations(result):
        _say_faults(operation["responses"])
        _Examples(parts).give(operation)
    return result


def _operations(result: Schema) -> Iterator[Schema]:
    for path, methods in result["paths"].items():
        if path.startswith("/api/v1/"):
            yield from (operation for name, operation in methods.items() if name != "parameters")


def _say_faults(responses: Schema) -> None:
    for status, answer in responses.items():
        content = answer.get("content", {})
        if status.startswith("4") and JSON in content:
            told = content.pop(JSON)
            more = told["schema"] if told["schema"].get("$ref", "").endswith("/Repeated") else None
            problem: Schema = {"$ref": f"{_REFERENCE}Problem"}
            content[CONTENT_TYPE] = {"schema": {"allOf": [problem, more]} if more else problem}
    responses["default"] = {
        "description": "Any other fault: 400, 401, 403, 404, 405, 413, 415, 429, 500, 503.",
        "content": {CONTENT_TYPE: {"schema": {"$ref": f"{_REFERENCE}Problem"}}},
    }


class _Examples:
    """Puts examples together from the parts of the schema."""

    def __init__(self, parts: Mapping[str, Schema]) -> None:
        self.parts = parts

    def give(self, operation: Schema) -> None:
        bodies = [(operation.get("requestBody", {}), "readOnly", 422)]
        bodies += [
            (answer, "writeOnly", int(status) if status.isdigit() else 404)
            for status, answer in operation["responses"].items()
        ]
        for body, left_out, status in bodies:
            for kind, content in body.get("content", {}).items():
                if kind in (JSON, CONTENT_TYPE) and not content.get("examples") and "schema" in content:
                    value = self.of(content["schema"], left_out=left_out)
                    if kind == CONTENT_TYPE:
                        value |= _problem(status)
                    content["examples"] = {"Example": {"value": value}}

    def of(self, schema: Schema, *, name: str = "", left_out: str = "", deep: int = 0) -> Any:
        if "$ref" in schema:
            return self.of(self.parts[schema["$ref"].removeprefix(_REFERENCE)], name=name, left_out=left_out, deep=deep)
        if "allOf" in schema:
            made = [self.of(part, name=name, left_out=left_out, deep=deep) for part in schema["allOf"]]
            return {key: value for part in made for key, value in part.items()} if len(made) > 1 else made[0]
        for word in ("oneOf", "anyOf"):
            if word in schema:
                return self.of(schema[word][0], name=name, left_out=left_out, deep=deep)
        kinds = schema.get("type", "object")
        kind = next(each for each in kinds if each != "null") if isinstance(kinds, list) else kinds
        if kind == "object":
            return self._object(schema, left_out=left_out, deep=deep)
        if kind == "array":
            few = deep < _DEEPEST
            return [self.of(schema.get("items", {}), name=name, left_out=left_out, deep=deep + 1)] if few else []
        return _value(schema, kind, name)

    def _object(self, schema: Schema, *, left_out: str, deep: int) -> Schema:
        needed, known = set(schema.get("required", ())), schema.get("properties", {})
        few = len(known) <= _ALL_OF_SO_MANY
        return {
            name: self.of(part, name=name, left_out=left_out, deep=deep + 1)
            for name, part in known.items()
            if (name in needed or not part.get(left_out)) and (few or name in needed or name in WORDS)
        }


def _value(schema: Schema, kind: str, name: str) -> Any:
    word = WORDS.get(name)
    if "enum" in schema:
        return word if word in schema["enum"] else next(each for each in schema["enum"] if each not in ("", None))
    if kind == "string":
        return _text(schema, word, name=name)
    if kind == "integer":
        return word if isinstance(word, int) else max(1, schema.get("minimum", 1))
    return {"number": 1.5, "boolean": False}.get(kind)


def _text(schema: Schema, word: Any, *, name: str) -> str:
    formats = {
        "uuid": _UUID, "date": "2026-11-20", "date-time": "2026-11-29T10:15:00+05:00", "decimal": "120.50",
        "uri": "https://portal.example/", "binary": "",
    }  # fmt: skip
    if schema.get("format") in formats:
        return word if isinstance(word, str) and schema["format"] == "decimal" else formats[schema["format"]]
    if "pattern" in schema:
        return "r0123456789ab" if name == "key" else "1"
    text = word if isinstance(word, str) else "text"
    return text[: schema.get("maxLength", len(text))]


def _problem(status: int) -> Schema:
    return {
        "type": f"/api/docs/#problem-{status}",
        "title": "What was sent is refused" if status == 422 else "There is nothing here",
        "status": status,
        "detail": _FAULT["sentence"],
        "code": _FAULT["code"],
        "pointer": _FAULT["pointer"],
        "violations": [_FAULT],
    }
