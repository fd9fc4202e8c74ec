"""Whatever a door lets in, every page, paper and file behind it opens: no text of any box ends in an error page.

Each example fills every box with texts that people paste and machines send by mistake or in malice, goes in by one
door and then reads everything that shows the declaration.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from declarations import services
from declarations.boxes import HEADER, ITEM, LEVELS, Box
from declarations.forms import sections
from declarations.models import Declaration
from declarations.services import papers
from tests import make
from tests.conftest import client_of
from tests.machines import make as machines

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/declarations/"
PARTS = {"item": "items", "container": "containers", "previous": "previous", "supplier": "suppliers"}
HOSTILE = (
    "", " ", "\x00", "A\x00B", "\ud800", "\udfff\ud800", "\ufffe", "\x1b[31m", "\x85\u2028\u2029", "\t\r\n", "\ufeff",
    "СSQU3054383", "ＣＳＱＵ３０５４３８３", "CSQU٣٠٥٤٣٨٣", "СN", "ТJ", "ЕUR", "ΑΒ", "²", "ß", "ı", "İ", "①²½",
    "عربي", "\u202eevil\u202c", "e\u0301\u0301\u0301", "\u200d\u200b", "👨‍👩‍👧", "中文", "ҚУҲ", "ﷺ", "\ue000",
    "x" * 5000, "Я" * 5000, "9" * 5000, "-" * 300, "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "'; DROP TABLE x;--",
    "<script>alert(1)</script>", "]]>", "<!--", "&lt;", "{{ 7*7 }}", "{code}", "%(code)s", "%s%n", "{0.x}", "\\",
    "NaN", "Infinity", "-inf", "1e999", "1e-999", "4e-05", "1E+3", "0x10", "1_000", "٢٠٢٦", "1,000", "1.000", "１２",
    "99999999999999999999", "-0", "0", "1", "0.0000001", "99999999999999", "2147483648", "1000", "100", "101",
    "0000-00-00", "9999-12-31", "31/02/2026", "05/06/2026", "2026-W49-6", "0001-01-01", "1.1.1", "true", "да", "None",
    "IM", "EX", "TR", "4", "4000", "TJ", "CN", "USD", "XAU", "0902300009", "0902 30 000 9", "9,023E+08", "KGM", "380",
)  # fmt: skip
NOT_TEXT = (1, -1, 0.5, True, False, None, [], {}, [[["x"]]], {"a": {"b": ["c"]}}, 10**400)
ONCE, OFTEN = (1,), (1, 2)


def seeds(numbers: tuple[int, ...]) -> pytest.MarkDecorator:
    """Texts chosen by chance, the same in every run."""
    return pytest.mark.parametrize("chance", [Random(number) for number in numbers], ids=map(str, numbers))


def row(chance: Random, boxes: tuple[Box, ...]) -> dict[str, str]:
    return {box.field: chance.choice(HOSTILE) for box in boxes}


def document(chance: Random) -> dict[str, Any]:
    """A declaration of hostile texts, two of every part."""
    parts: dict[str, Any] = {part: [row(chance, LEVELS[level]) for _ in (1, 2)] for level, part in PARTS.items()}
    for item in parts["items"]:
        item["documents"] = [row(chance, LEVELS["document"]) for _ in (1, 2)]
    return {**row(chance, HEADER), "declarant_code": make.TIN, **parts}


def declared(chance: Random) -> dict[str, Any]:
    """A declaration that lodges, hostile wherever it is free text."""
    free = [box.field for box in HEADER if box.kind in ("text", "lines") and box.field not in ("lrn", "warehouse")]
    texts = {name: fitting(chance, 4) for name in free if name not in ("lrn_year", "deferred_payment_reference")}
    free_of_item = [box.field for box in ITEM if box.kind in ("text", "lines") and "previous" not in box.field]
    papers = [
        {"code": code, "name": fitting(chance, 20), "reference": f"R{fitting(chance, 20)}", "date": "2026-11-02"}
        for code in ("380", "730")
    ]
    items = {name: fitting(chance, 4) for name in free_of_item}
    known = {"departure_identity": "01 777 AB 01", "border_identity": "", "commercial_description": "tea"}
    first = {name: f"{known.get(name, '')}{text}" for name, text in items.items()}
    header = {name: known.get(name, f"A {text}") for name, text in texts.items()}
    return make.data(**header, items=[make.item(**first, documents=papers)])


def lodged(chance: Random) -> Declaration:
    firm = make.company(owner=make.trader())
    made = services.create_draft(declarant=firm, by=make.trader(), at=make.AT, data=declared(chance))
    return services.lodge(made, on=make.ON, at=make.AT, by=make.trader())


def fitting(chance: Random, most: int) -> str:
    return chance.choice(HOSTILE)[:most]


def machine() -> Client:
    return machines.own_door(make.trader())


def addresses(draft: Declaration) -> Iterator[str]:
    """Everything that shows a draft."""
    key = draft.public_id
    for name in ("declaration_uploaded", "declaration_beside", "declaration_xml", "declaration", "declaration_lodge"):
        yield reverse(name, args=[key])
    for section in sections.SECTIONS:
        yield reverse("declaration_section", args=[key, section.key])
    for number in (1, 2):
        yield reverse("declaration_item", args=[key, number])
    for door in ("", "violations/", "preview/", "charges/", "events/", "files/"):
        yield f"{ROOT}{key}/{door}"
    yield from (ROOT, reverse("declarations"), reverse("desk"))


def everything_opens(client: Client, pages: Iterator[str]) -> None:
    for page in pages:
        assert client.get(page, follow=True).status_code < 500, page


def of_answer(answer: Any) -> Declaration:
    assert answer.status_code == 201, answer.content
    return Declaration.objects.get(public_id=answer.json()["id"])


# The doors of a draft -----------------------------------------------------------------------------------------
@seeds(ONCE)
def test_by_json(chance: Random) -> None:
    content = document(chance)
    made = machine().post(ROOT, json.dumps(content), content_type="application/json")
    draft = of_answer(made)
    everything_opens(client_of(make.trader()), addresses(draft))
    kept = machine().get(f"{ROOT}{draft.public_id}/").json()
    assert machine().put(f"{ROOT}{draft.public_id}/", kept, content_type="application/json").status_code == 200
    for door in (f"{draft.public_id}/lodge/", f"{draft.public_id}/copy/", f"{draft.public_id}/cancel/"):
        body = json.dumps({"reason": chance.choice(HOSTILE)})
        assert machine().post(f"{ROOT}{door}", body, content_type="application/json").status_code < 500
    refused = machine().post(f"{ROOT}lodge/", json.dumps(content), content_type="application/json")
    assert refused.status_code == 422


@seeds(OFTEN)
def test_by_json_of_another_shape(chance: Random) -> None:
    names = [*(box.field for box in HEADER), "items", "containers", "held", "documents", "file", "\ud800"]
    values = (*NOT_TEXT, *HOSTILE)
    content = {name: chance.choice(values) for name in chance.sample(names, 20)}
    item = {name: chance.choice(values) for name in [*(box.field for box in ITEM), "documents", "x"]}
    held = {chance.choice(HOSTILE): chance.choice(values), "items[0].net_mass": chance.choice(values)}
    for body in (content, {"items": [item]}, {"held": held}, {"items": chance.choice(values)}, chance.choice(values)):
        for door in (ROOT, f"{ROOT}lodge/"):
            answer = machine().post(door, json.dumps(body), content_type="application/json")
            assert answer.status_code < 500, body
            if answer.status_code == 201:
                draft = Declaration.objects.get(public_id=answer.json()["id"])
                assert client_of(make.trader()).get(f"{ROOT}{draft.public_id}/").status_code == 200


@seeds(ONCE)
def test_by_the_form_and_the_clipboard(chance: Random) -> None:
    draft, client = make.draft(items=[make.item(), make.item()]), client_of(make.trader())
    key = draft.public_id
    texts = {name: text.encode("utf-8", "replace").decode() for name, text in row(chance, HEADER).items()}
    of_items = {
        f"items[{place}].{name}": text.encode("utf-8", "replace").decode()
        for place in (0, 1)
        for name, text in row(chance, ITEM).items()
    }
    assert client.post(reverse("declaration_fields", args=[key]), {**texts, **of_items}).status_code == 200
    for verb in ("remove_item", "copy_item", "remove_part:containers", "remove_document:1", "paste", "add_document"):
        said = chance.choice(("²", "9" * 5000, "٣", "-1", "1e3", "", "\x00", "99999999999999999999"))
        form = {"do": f"{verb}:{said}", "cells": "1\t2", "column": "net_mass", "then": chance.choice(("", "a b", "²"))}
        assert client.post(reverse("declaration_section", args=[key, "items"]), form, follow=True).status_code < 500
    cells = "\n".join("\t".join(chance.choice(HOSTILE)[:300] for _ in range(12)) for _ in range(3))
    pasted = {"cells": cells.encode("utf-8", "replace").decode(), "place": chance.choice(("0", "²", "9" * 5000))}
    assert client.post(reverse("declaration_items_read", args=[key]), pasted).status_code in (200, 422)
    form = {"do": "paste", "cells": pasted["cells"]}
    assert client.post(reverse("declaration_section", args=[key, "items"]), form, follow=True).status_code < 500
    everything_opens(client, addresses(draft))


def element(path: str, text: str) -> str:
    """The element at `path` with its text; what XML cannot hold is left out."""
    whole = "".join(char for char in text if char in "\t\n\r" or " " <= char < "\ud800" or "\ue000" <= char < "\ufffe")
    names = [name.partition("[")[0] for name in path.split("/")]
    return "".join(f"<{name}>" for name in names) + escape(whole) + "".join(f"</{name}>" for name in reversed(names))


@seeds(ONCE)
def test_by_xml(chance: Random) -> None:
    def inner(level: str) -> str:
        return "".join(element(box.xml, chance.choice(HOSTILE)) for box in LEVELS[level])

    tags = {"container": "Container", "previous": "Prev_decl", "supplier": "Suppliers_documents"}
    parts = "".join(f"<{tag}>{inner(level)}</{tag}>" * 2 for level, tag in tags.items())
    item = f"<Item>{inner('item')}<Attached_documents>{inner('document')}</Attached_documents></Item>"
    content = f"<ASYCUDA>{inner('header')}{parts}{item}{item}</ASYCUDA>".encode()
    upload = {"file": SimpleUploadedFile("a.xml", content)}
    draft = of_answer(machine().post(f"{ROOT}xml/", upload))
    everything_opens(client_of(make.trader()), addresses(draft))


# Behind the gate ----------------------------------------------------------------------------------------------
@seeds(OFTEN)
def test_what_is_lodged_is_read_by_trader_and_officer(chance: Random) -> None:
    key = lodged(chance).public_id
    pages = [reverse(name, args=[key]) for name in ("declaration", "declaration_xml")]
    pages += [f"{ROOT}{key}/", reverse("declarations")]
    everything_opens(client_of(make.trader()), iter(pages))
    everything_opens(client_of(make.officer()), iter([*pages, reverse("queue")]))


def test_the_papers_of_hostile_texts_are_printed(as_trader: Client) -> None:
    chance = Random(7)
    draft = services.create_draft(declarant=make.company(), by=make.trader(), at=make.AT, data=document(chance))
    assert as_trader.get(reverse("declaration_paper", args=[draft.public_id, "sad"])).content.startswith(b"%PDF")
    asked = papers.ask(lodged(chance), "notice", language="en", at=make.AT)
    papers.print_paper(asked.pk, at=make.AT)
    asked.refresh_from_db()
    assert asked.file.read().startswith(b"%PDF")


# What is asked ------------------------------------------------------------------------------------------------
@seeds(OFTEN)
def test_searches_and_addresses_take_any_text(chance: Random) -> None:
    officer, trader = client_of(make.officer()), client_of(make.trader())
    for _ in range(4):
        text = chance.choice(HOSTILE).encode("utf-8", "replace").decode()[:300]
        assert officer.get(reverse("queue"), {"text": text}, follow=True).status_code < 500
        assert trader.get(reverse("declarations"), {"text": text, "company": text, "page": text}).status_code < 500
        for name in ("mrn", "lrn", "office", "trader", "lodged_from", "cursor"):
            assert trader.get(ROOT, {name: text}).status_code < 500
        assert trader.get(reverse("tariff"), {"q": text}).status_code < 500
        assert trader.get(reverse("verify"), {"token": text}).status_code < 500
        asked = {"0-commodity_code": text, "0-origin_country": text, "0-item_price": text, "currency": text, "on": text}
        assert trader.get(reverse("calculator"), {**asked, "remove": text}).status_code < 500
        for address in (f"{ROOT}{{}}/", "/verify/{}/", "/tariff/{}/", "/tariff/quotas/{}/", "/exchange-rates/{}/"):
            said = "".join(f"%{byte:02X}" for byte in text.encode()[:60])
            assert trader.get(address.format(said or "x")).status_code < 500
