"""Rules of the document as a whole: box 1, office, reference, dates, number of items, what could not be read."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from declarations import reading
from declarations.facts import Case
from declarations.rules.rule import OF_CASE, missing
from lib.rules import Finding

SIGNED_DAYS = 30  # A declaration is signed shortly before it is lodged.
GUARANTEE_YEARS = 10


@OF_CASE.rule("D001")
def declaration_type_is_known(case: Case) -> Iterator[Finding]:
    written = case.content.declaration.declaration_type
    if written not in case.known["declaration_type"]:
        yield "declaration_type", _("Say in box 1 whether this is an import (IM), an export (EX) or a transit (TR).")


@OF_CASE.rule("D002")
def general_procedure_is_known(case: Case) -> Iterator[Finding]:
    written = case.content.declaration.general_procedure
    if written not in case.known["general_procedure"]:
        yield "general_procedure", _("Choose the general procedure in box 1, such as 4 for home use.")


@OF_CASE.rule("D003")
def office_is_open(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    if missing(case, header.office_code, "office_code"):
        yield "office_code", _("Choose the customs office where the declaration is lodged.")
    elif header.office_code and header.office_code not in case.known["office"]:
        yield (
            "office_code",
            _("There is no open customs office {code}. Choose one from the list.").format(code=header.office_code),
        )


@OF_CASE.rule("D004")
def reference_is_given(case: Case) -> Iterator[Finding]:
    if missing(case, case.content.declaration.lrn, "lrn"):
        yield "lrn", _("Give the declaration your own reference number, unique in your company.")


@OF_CASE.rule("D005")
def declaration_date_is_near(case: Case) -> Iterator[Finding]:
    declared = case.content.declaration.declaration_date
    if declared is not None and declared > case.today:
        yield "declaration_date", _("The date of declaration is in the future. Leave it empty or write today's.")
    elif declared is not None and declared < case.on - timedelta(days=SIGNED_DAYS):
        sentence = _("The date of declaration lies more than {days} days back. Leave it empty or write today's.")
        yield "declaration_date", sentence.format(days=SIGNED_DAYS)


@OF_CASE.rule("D009")
def other_dates_are_near(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    oldest = {
        "transit_signature_date": case.on - timedelta(days=SIGNED_DAYS),
        "guarantee_date": date(case.on.year - GUARANTEE_YEARS, 1, 1),
    }
    for name, first in oldest.items():
        day = getattr(header, name)
        if day is not None and day > case.today:
            yield name, _("This date is in the future.")
        elif day is not None and day < first:
            yield name, _("This date lies too far back. Check the day and the year.")


@OF_CASE.rule("D006")
def there_are_items(case: Case) -> Iterator[Finding]:
    count = len(case.content.items)
    if not 1 <= count <= 999:
        yield "items", _("A declaration has 1 to 999 items; this one has {count}.").format(count=count)


@OF_CASE.rule("D007")
def everything_can_be_read(case: Case) -> Iterator[Finding]:
    for key, text in case.content.declaration.held.items():
        yield key, reading.unread(key, text)


@OF_CASE.rule("D008")
def box_1_is_a_procedure_of_the_country(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    pairs = {procedure.general_procedure for procedure in case.procedures.values()}
    if header.declaration_type and header.general_procedure and "" not in pairs and header.procedure not in pairs:
        yield (
            "general_procedure",
            _("{pair} is not a procedure here. Choose another general procedure.").format(pair=header.procedure),
        )
