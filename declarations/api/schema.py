"""The content of a declaration as the API documents it: every field with its SAD box, made from the box table.

The content itself is read by `declarations.reading`, the same reader for every door; these classes describe it.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from rest_framework import serializers

from declarations.boxes import CONTAINER, DOCUMENT, HEADER, ITEM, PREVIOUS, SUPPLIER, Box
from declarations.models import Charge, Declaration, Event, Status, StoredFile
from declarations.reading import LARGEST_INTEGER
from declarations.services.carrying import REASONS
from declarations.services.content import MOST, MOST_SCANS
from lib.row_keys import KEY

Field = serializers.Field[Any, Any, Any, Any]


def _field(box: Box) -> Field:
    codes = f" Code list: {box.codes}." if box.codes else ""
    about = format_lazy("{label}. SAD box {box}.{codes}", label=box.label, box=box.box, codes=codes)
    common: dict[str, Any] = {"required": False, "allow_null": True, "label": box.label, "help_text": about}
    match box.kind:
        case "amount":
            return serializers.DecimalField(max_digits=18, decimal_places=4, **common)
        case "quantity":
            return serializers.DecimalField(max_digits=18, decimal_places=6, **common)
        case "integer":
            return serializers.IntegerField(min_value=0, max_value=min(10**box.size - 1, LARGEST_INTEGER), **common)
        case "date":
            return serializers.DateField(**common)
        case "flag":
            return serializers.BooleanField(**common)
    return serializers.CharField(allow_blank=True, max_length=box.size, **common)


def _serializer(name: str, boxes: tuple[Box, ...], doc: str, **more: Field) -> type[serializers.Serializer[Any]]:
    fields = {box.field: _field(box) for box in boxes}
    return type(name, (serializers.Serializer,), {**fields, **more, "__doc__": doc})


def _key() -> Field:
    about = "The row's own name, which stays when rows before it go. Send it back and the row stays the same one."
    return serializers.RegexField(KEY.pattern, required=False, help_text=about)


def _list(row: type[serializers.Serializer[Any]], part: str) -> Field:
    options: dict[str, Any] = {"many": True, "required": False, "max_length": MOST[part]}
    return row(**options)


DocumentSerializer = _serializer(
    "DeclarationDocument", DOCUMENT, "A paper that an item carries (box 44).",
    key=_key(), file=serializers.UUIDField(required=False, help_text="Its scan: a stored file of this declaration."),
    files=serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_SCANS,
        help_text="All its scans where there are several, the first being `file`. It counts before `file`.",
    ),
)  # fmt: skip
ItemSerializer = _serializer(
    "DeclarationItem", ITEM, "One item. Their order in the list is their number (box 32).",
    key=_key(), documents=_list(DocumentSerializer, "documents"),
)  # fmt: skip
ContainerSerializer = _serializer("DeclarationContainer", CONTAINER, "A container (box 31).", key=_key())
PreviousSerializer = _serializer(
    "DeclarationPrevious", PREVIOUS, "An earlier declaration drawn from (box 40).", key=_key()
)
SupplierSerializer = _serializer("DeclarationSupplier", SUPPLIER, "A supplier's invoice.", key=_key())


def _parts() -> Mapping[str, Field]:
    return {
        "items": _list(ItemSerializer, "items"),
        "containers": _list(ContainerSerializer, "containers"),
        "previous": _list(PreviousSerializer, "previous"),
        "suppliers": _list(SupplierSerializer, "suppliers"),
    }


ContentSerializer = _serializer(
    "DeclarationContent",
    HEADER,
    "The declared content. Amounts and quantities are strings with a decimal point, dates ISO 8601. "
    "What is empty may be left out. A number may also be a JSON number. A text that cannot be read, or may be read in "
    "two ways such as 1.000, is kept under `held` and refused when lodging.",
    **_parts(),
)


def _known(field: type[Field], **options: Any) -> Field:
    return field(read_only=True, **options)


_STANDING: Mapping[str, Field] = {
    "id": _known(serializers.UUIDField),
    "status": _known(serializers.ChoiceField, choices=Status.choices),
    "version": _known(serializers.IntegerField),
    "mrn": _known(serializers.CharField),
    "customs_number": _known(serializers.CharField),
    "tax_date": _known(serializers.DateField, allow_null=True),
    "lodged_at": _known(serializers.DateTimeField, allow_null=True),
    "customs_value": _known(serializers.DecimalField, max_digits=18, decimal_places=4, allow_null=True),
    "payable": _known(serializers.DecimalField, max_digits=18, decimal_places=4, allow_null=True),
    "guaranteed": _known(serializers.DecimalField, max_digits=18, decimal_places=4, allow_null=True),
    "source": _known(serializers.ChoiceField, choices=Declaration.Source.choices),
    "amends": _known(serializers.CharField, help_text="MRN of the declaration that an amendment is of; else empty."),
    "held": _known(serializers.DictField, child=serializers.CharField()),
    "kept": _known(serializers.ListField, child=serializers.DictField()),
}
DeclarationSerializer = _serializer(
    "Declaration", HEADER, "A declaration: its content and its standing.", **_parts(), **_STANDING
)


class LeftOutSerializer(serializers.Serializer[Any]):
    """Something that did not go with the copy, as it does not hold for another declaration, or as a scan could not:
    it is not there any more, is unsafe, or was sent by another company. `items` are the numbers of the items it served.
    """

    reason = serializers.ChoiceField(choices=[(reason, reason) for reason in REASONS])
    pointer = serializers.CharField(help_text="Where it lay in the earlier document.")
    box = serializers.CharField(help_text="The SAD box.")
    what = serializers.CharField(help_text="The kind of the paper, or the name of the box.")
    text = serializers.CharField(help_text="What was written; of a scan the name of its file.")
    why = serializers.CharField()
    items = serializers.CharField(help_text="Such as 1-3, 7.")


BegunSerializer = _serializer(
    "BegunDeclaration",
    HEADER,
    "A draft made from an earlier declaration or a template, with what was left out.",
    **_parts(),
    **_STANDING,
    left_out=LeftOutSerializer(many=True, read_only=True),
)
AmendmentSerializer = _serializer(
    "Amendment", HEADER, "The whole content as it should be, and why.", **_parts(), reason=serializers.CharField()
)


class DeclarationRowSerializer(serializers.ModelSerializer[Declaration]):
    """A line of the list."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    items = serializers.IntegerField(source="item_count", read_only=True)
    trader = serializers.CharField(source="trader.tin", default="", read_only=True)
    declarant = serializers.CharField(source="declarant.tin", read_only=True)
    amends = serializers.CharField(source="amends.mrn", default="", read_only=True)

    class Meta:
        model = Declaration
        fields = [
            "id", "amends", "status", "version", "mrn", "lrn", "declaration_type", "general_procedure", "office_code",
            "declarant", "trader", "items", "tax_date", "lodged_at", "customs_value", "payable",
            "guaranteed", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class AssessedChargeSerializer(serializers.ModelSerializer[Charge]):
    """A line of box 47. `item` null: charged on the declaration. `payable` false: secured by a guarantee."""

    item = serializers.IntegerField(source="item.number", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Charge
        fields = [
            "item", "sequence", "tax_code", "tax_name", "base", "rate_text", "amount", "payable", "formula",
            "legal_basis", "exchange_rates", "is_example",
        ]  # fmt: skip
        read_only_fields = fields


class DeclarationEventSerializer(serializers.ModelSerializer[Event]):
    """A row of history. It names no officer."""

    version = serializers.IntegerField(source="declaration.version", read_only=True)

    class Meta:
        model = Event
        fields = ["at", "version", "verb", "old_status", "new_status", "note"]
        read_only_fields = fields


class DeclarationFileSerializer(serializers.ModelSerializer[StoredFile]):
    """A stored file; its content is under `/files/{id}/`."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = StoredFile
        fields = [
            "id", "kind", "name", "document_code", "content_type", "size", "sha256", "pages", "safety", "checked_at",
            "at",
        ]  # fmt: skip
        read_only_fields = fields


class UploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField()
    document_code = serializers.CharField(required=False, allow_blank=True, max_length=5)


class XmlUploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="An ASYCUDA World SAD export.")


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class ViolationSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    pointer = serializers.CharField(help_text="The field, such as items[2].commodity_code; empty: the whole.")
    sentence = serializers.CharField()


class ViolationsSerializer(serializers.Serializer[Any]):
    violations = ViolationSerializer(many=True)


class RepeatedSerializer(ViolationsSerializer):
    """The reference was lodged before with other content."""

    mrn = serializers.CharField(help_text="What was lodged under the reference.")
    id = serializers.UUIDField()


class PreviewChargeSerializer(serializers.Serializer[Any]):
    item = serializers.IntegerField(allow_null=True)
    tax_code = serializers.CharField()
    base = serializers.DecimalField(max_digits=20, decimal_places=6)
    rate_text = serializers.CharField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=4)
    payable = serializers.BooleanField()
    formula = serializers.CharField()


class PreviewDrawSerializer(serializers.Serializer[Any]):
    """What an item would draw from the tariff quota it names, had it been lodged now. Quantities in `unit`."""

    item = serializers.IntegerField()
    quota = serializers.CharField(source="number")
    unit = serializers.CharField()
    asked = serializers.DecimalField(max_digits=20, decimal_places=6)
    drawn = serializers.DecimalField(max_digits=20, decimal_places=6)
    balance = serializers.DecimalField(max_digits=20, decimal_places=6)


class PreviewSerializer(serializers.Serializer[Any]):
    """What a draft would be charged today."""

    currency = serializers.CharField()
    payable = serializers.DecimalField(max_digits=18, decimal_places=4)
    guaranteed = serializers.DecimalField(max_digits=18, decimal_places=4)
    charges = PreviewChargeSerializer(many=True)
    quotas = PreviewDrawSerializer(source="draws", many=True)
