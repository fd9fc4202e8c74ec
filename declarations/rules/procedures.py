"""Rules of the procedure: box 37, what it needs behind it and before it, warehouse and transit."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from declarations.facts import Case
from declarations.rules.rule import OF_CASE, items, missing
from lib.pointers import pointer_to
from lib.rules import Finding

EARLIER_YEARS = 50  # Goods may lie in a warehouse or work abroad for long.


@OF_CASE.rule("D060")
def procedure_is_known(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        at = f"{pointer}.extended_procedure"
        if missing(case, item.extended_procedure, at):
            yield at, _("Give the procedure in box 37, such as 4000.")
        elif item.extended_procedure and item.extended_procedure not in case.known["procedure"]:
            yield (
                at,
                _("There is no procedure {code} on this date. Choose one from the list.").format(
                    code=item.extended_procedure
                ),
            )


@OF_CASE.rule("D061")
def procedure_belongs_to_box_1(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    if not (header.declaration_type and header.general_procedure):
        return
    for pointer, item in items(case):
        procedure = case.procedures.get(item.extended_procedure)
        if procedure is not None and procedure.general_procedure not in ("", header.procedure):
            yield (
                f"{pointer}.extended_procedure",
                _("Procedure {code} goes with {own} in box 1, which says {written}.").format(
                    code=item.extended_procedure, own=procedure.general_procedure, written=header.procedure
                ),
            )


@OF_CASE.rule("D062")
def national_procedure_is_known(case: Case) -> Iterator[Finding]:
    known = case.known["national_procedure"]
    for pointer, item in items(case):
        if known and item.national_procedure and item.national_procedure not in known:
            yield (
                f"{pointer}.national_procedure",
                _("There is no national code {code} on this date.").format(code=item.national_procedure),
            )


@OF_CASE.rule("D063")
def what_went_before_is_named(case: Case) -> Iterator[Finding]:
    drawn = {row.current_item for row in case.content.previous}
    for place, (pointer, item) in enumerate(items(case), 1):
        procedure = case.procedures.get(item.extended_procedure)
        needed = procedure is not None and (procedure.needs_previous or procedure.draws_stock)
        if needed and place not in drawn and missing(case, item.previous_document, f"{pointer}.previous_document"):
            yield (
                f"{pointer}.previous_document",
                _("Procedure {code} follows an earlier declaration. Name it here (its MRN or number).").format(
                    code=item.extended_procedure
                ),
            )


@OF_CASE.rule("D064")
def previous_declarations_point_to_items(case: Case) -> Iterator[Finding]:
    count = len(case.content.items)
    for place, row in enumerate(case.content.previous):
        if row.current_item is None or not 1 <= row.current_item <= count:
            yield (
                pointer_to("previous", place, "current_item"),
                _("Say which item of this declaration is drawn from it."),
            )


@OF_CASE.rule("D065")
def previous_declarations_are_numbered(case: Case) -> Iterator[Finding]:
    for place, row in enumerate(case.content.previous):
        for name in ("office_code", "year", "number", "item_number"):
            pointer = pointer_to("previous", place, name)
            if missing(case, getattr(row, name), pointer):
                yield pointer, _("Give office, year, number and item of the earlier declaration.")
        if row.year is not None and not case.on.year - EARLIER_YEARS <= row.year <= case.today.year:
            first, last = case.on.year - EARLIER_YEARS, case.today.year
            sentence = _("The year of the earlier declaration is {first} to {last}.").format(first=first, last=last)
            yield pointer_to("previous", place, "year"), sentence


@OF_CASE.rule("D067")
def warehouse_is_named(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    if header.procedure == "IM7" and missing(case, header.warehouse, "warehouse"):
        yield "warehouse", _("Name the customs warehouse the goods go to.")


@OF_CASE.rule("D068")
def transit_names_its_destination(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    if not header.declaration_type.startswith("TR"):
        return
    for name in ("transit_destination_office", "transit_destination_country"):
        if missing(case, getattr(header, name), name):
            yield name, _("Name the office and country where the transit ends.")


@OF_CASE.rule("D069")
def one_flow_for_all_items(case: Case) -> Iterator[Finding]:
    suspending = {
        procedure.suspends
        for item in case.content.items
        if (procedure := case.procedures.get(item.extended_procedure)) is not None
    }
    if len(suspending) > 1:
        yield "items", _("Items that are paid and items that are secured cannot stand in one declaration. Make two.")


@OF_CASE.rule("D104")
def papers_of_the_procedure_are_named(case: Case) -> Iterator[Finding]:
    for (pointer, item), documents in zip(items(case), case.content.documents, strict=True):
        procedure = case.procedures.get(item.extended_procedure)
        named = {paper.code for paper in documents}
        for code in () if procedure is None else procedure.papers:
            if code not in named:
                paper = case.document_types.get(code)
                yield (
                    f"{pointer}.documents",
                    _("Procedure {code} asks for the document {paper}. Name it among the item's documents.").format(
                        code=item.extended_procedure, paper=paper or code
                    ),
                )
