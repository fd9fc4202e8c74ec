"""What the list of declarations may be narrowed by."""

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from declarations.models import Declaration, Status
from declarations.selectors import of_number, with_text
from lib.spelling import searched


class CodeFilter(filters.CharFilter):  # type: ignore[misc]
    """A code as somebody writes it: small letters, look-alikes and spaces do not matter."""

    def filter(self, qs: QuerySet[Declaration], value: str) -> QuerySet[Declaration]:
        found: QuerySet[Declaration] = super().filter(qs, searched(value) if value else value)
        return found


class DeclarationFilter(filters.FilterSet):  # type: ignore[misc]
    """By status, reference and dates; dates are inclusive."""

    status = filters.ChoiceFilter(choices=Status.choices)
    mrn = filters.CharFilter(method="of_number", max_length=40)
    lrn = filters.CharFilter(lookup_expr="exact", max_length=35)
    text = filters.CharFilter(
        method="with_text", max_length=120,
        help_text="Words and numbers that stand in it: parts of the MRN, goods, codes, invoices, containers, parties.",
    )  # fmt: skip
    office = CodeFilter(field_name="office_code", max_length=40)
    trader = CodeFilter(field_name="trader__tin", max_length=40)
    declarant = CodeFilter(field_name="declarant__tin", max_length=40)
    lodged_from = filters.DateFilter(field_name="tax_date", lookup_expr="gte")
    lodged_to = filters.DateFilter(field_name="tax_date", lookup_expr="lte")

    class Meta:
        model = Declaration
        fields: list[str] = []

    def with_text(self, rows: QuerySet[Declaration], name: str, text: str) -> QuerySet[Declaration]:
        """As the search of the pages: of what is found the newest five hundred."""
        return with_text(rows, text) if text.strip() else rows

    def of_number(self, rows: QuerySet[Declaration], name: str, text: str) -> QuerySet[Declaration]:
        """An MRN or customs number, however it is written."""
        return rows.filter(of_number(text))
