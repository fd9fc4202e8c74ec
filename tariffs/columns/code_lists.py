"""The tables that are no law of their own: code lists, offices, sections. They are kept in the admin, with history."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Office
from lib.cells import code, decimal, flag, matching, one_of, or_empty, text, whole, words
from tariffs.columns.shared import days, names, notes
from tariffs.columns.table import LawColumn, Table
from tariffs.models import (
    CodeListEntry,
    CorrectionRule,
    Country,
    CountryGroup,
    Currency,
    DeliveryTerm,
    DocumentType,
    PackageKind,
    Procedure,
    RefundRule,
    Section,
    TransportMode,
    Unit,
)


def _code(pattern: str) -> LawColumn:
    return LawColumn("code", matching(pattern, _("This is not a code of this list.")))


def _flags(*names: str) -> tuple[LawColumn, ...]:
    return tuple(LawColumn(name, flag, required=False, widget="flag") for name in names)


def _list(name: str, model: Any, file: str, *columns: LawColumn, **more: Any) -> Table:
    return Table(name, model._meta.verbose_name, model, file, columns, **{"dated": False, **more})


_CHAPTER = matching(r"\d\d", _("Write two digits."))
_UNIT = code(4)

# In the order in which they are loaded, before all law.
CODE_LISTS: dict[str, Table] = {
    table.name: table
    for table in (
        _list("country", Country, "countries.csv", _code(r"[A-Z]{2}"), *names(), public="countries",
              title=_("Countries"), order=("code",)),
        _list("currency", Currency, "currencies.csv", _code(r"[A-Z]{3}"), LawColumn("decimals", whole), *names()),
        _list(
            "unit",
            Unit,
            "units.csv",
            _code(r"[A-Z0-9]{1,4}"),
            LawColumn("symbol", text(20), required=False),
            LawColumn("base", _UNIT, required=False, refers="unit"),
            LawColumn("factor", or_empty(decimal, decimal("1")), required=False),
            *names(),
            public="units",
            title=_("Units of measure"),
            order=("code",),
        ),
        _list("package", PackageKind, "packages.csv", _code(r"[A-Z0-9]{1,3}"), *names()),
        _list("delivery_term", DeliveryTerm, "delivery_terms.csv", _code(r"[A-Z]{3}"),
              *_flags("includes_freight", "includes_insurance"), *names()),
        _list("transport_mode", TransportMode, "transport_modes.csv", _code(r"[A-Z0-9]{1,3}"), *names()),
        _list(
            "document_type",
            DocumentType,
            "document_types.csv",
            _code(r"[A-Z0-9]{1,5}"),
            *_flags("proves_origin", "is_invoice", "is_transport", "one_consignment"),
            LawColumn("valid_days", or_empty(whole, None), required=False),
            *names(),
            public="document_types",
            title=_("Papers of box 44"),
            order=("code",),
        ),
        _list(
            "code_list",
            CodeListEntry,
            "code_lists.csv",
            LawColumn(
                "code_list", one_of("declaration_type", "general_procedure", "valuation_method", "working_mode")
            ),
            _code(r"[A-Z0-9]{1,8}"),
            *names(),
            series=("code_list", "code"),
        ),
        _list(
            "section",
            Section,
            "sections.csv",
            LawColumn("number", whole),
            LawColumn("roman", text(5)),
            LawColumn("first_chapter", _CHAPTER),
            LawColumn("last_chapter", _CHAPTER),
            *notes(8000),
            *names(),
            series=("number",),
        ),
        _list(
            "office",
            Office,
            "offices.csv",
            _code(r"[A-Z0-9]{1,8}"),
            *names(120),
            LawColumn("address", text(250), required=False),
            *_flags("is_border"),
            *days(),
            dated=False,
        ),
        _list("group", CountryGroup, "groups.csv", _code(r"[A-Z0-9]{1,8}"), *names(), public="groups",
              title=_("Country groups"), order=("code",)),
        _list(
            "procedure",
            Procedure,
            "procedures.csv",
            _code(r"[A-Z0-9]{1,4}"),
            *_flags("is_national"),
            LawColumn("general_procedure", code(4), required=False),
            *_flags("suspends", "without_guarantee", "needs_previous"),
            *_flags("draws_stock", "goods_may_differ", "opens_account"),
            *(LawColumn(name, or_empty(whole, None), required=False)
              for name in ("term_days", "extensions", "extension_days")),
            *_flags("ends_at_exit", "relief"),
            LawColumn("papers", words, required=False, refers="document_type", many=True),
            *names(),
            *days(),
            series=("code", "is_national"),
            dated=True,
            public="procedures",
            title=_("Procedures of box 37"),
            order=("is_national", "code"),
        ),
        _list(
            "correction_rule",
            CorrectionRule,
            "correction_rules.csv",
            LawColumn("moment", one_of(*CorrectionRule.Moment.values)),
            LawColumn("effect", one_of(*CorrectionRule.Effect.values)),
            *_flags("needs_consent"),
            LawColumn("days", or_empty(whole, None), required=False),
            LawColumn("act", text(60)),
            LawColumn("example", flag, required=False, field="is_example"),
            *days(),
            series=("moment", "effect"),
            dated=True,
            public="correction_rules",
            title=_("Which corrections need an officer's consent, and within how many days"),
            order=("moment", "effect"),
        ),
        _list(
            "refund_rule",
            RefundRule,
            "refund_rules.csv",
            LawColumn("kind", one_of(*RefundRule.Kind.values)),
            *_flags("by_correction", "needs_paper"),
            LawColumn("claim_days", or_empty(whole, None), required=False),
            LawColumn("decide_days", whole),
            LawColumn("act", text(60)),
            LawColumn("example", flag, required=False, field="is_example"),
            *days(),
            series=("kind",),
            dated=True,
            public="refund_rules",
            title=_("On what grounds money is claimed back, and how soon it is decided"),
            order=("kind",),
        ),
    )
}  # fmt: skip
