"""Rules of the parties: who files, for whom, and whether they may."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from declarations.facts import Case
from declarations.rules.rule import OF_CASE, missing
from declarations.selectors import trader_field
from lib.rules import Finding


def _trader(case: Case) -> tuple[str, str]:
    """The pointer to the trader's TIN and the TIN."""
    header = case.content.declaration
    pointer = trader_field(header.declaration_type)
    return pointer, getattr(header, pointer)


@OF_CASE.rule("D010")
def trader_is_named_by_tin(case: Case) -> Iterator[Finding]:
    pointer, tin = _trader(case)
    if missing(case, tin, pointer):
        yield pointer, _("Give the TIN of the company the goods are declared for.")


@OF_CASE.rule("D011")
def trader_tin_has_the_right_shape(case: Case) -> Iterator[Finding]:
    pointer, tin = _trader(case)
    if tin and not re.fullmatch(case.territory.tin_pattern, tin):
        yield pointer, _("“{tin}” is not a taxpayer number. Check the digits.").format(tin=tin)


@OF_CASE.rule("D012")
def trader_is_registered(case: Case) -> Iterator[Finding]:
    pointer, tin = _trader(case)
    if tin and re.fullmatch(case.territory.tin_pattern, tin) and case.trader is None:
        yield pointer, _("No company with the TIN {tin} is registered here. It has to register first.").format(tin=tin)


@OF_CASE.rule("D013")
def trader_is_active(case: Case) -> Iterator[Finding]:
    if case.trader is not None and not case.trader.is_active:
        yield _trader(case)[0], _("This company is closed in the register. Goods cannot be declared for it.")


@OF_CASE.rule("D014")
def declarant_is_active(case: Case) -> Iterator[Finding]:
    if not case.content.declaration.declarant.is_active:
        yield "declarant_code", _("The company that files is closed in the register.")


@OF_CASE.rule("D019")
def declarant_is_confirmed(case: Case) -> Iterator[Finding]:
    if not case.content.declaration.declarant.is_confirmed:
        yield (
            "declarant_code",
            _("The customs service has not yet confirmed this company. Upload its papers under Companies, then wait."),
        )


@OF_CASE.rule("D015")
def declarant_has_a_mandate(case: Case) -> Iterator[Finding]:
    if case.trader is not None and not case.mandated:
        header = case.content.declaration
        yield (
            _trader(case)[0],
            _("{agent} has no mandate of {principal} for {procedure} today. Ask for one under Companies.").format(
                agent=header.declarant.name, principal=case.trader.name, procedure=header.procedure
            ),
        )


@OF_CASE.rule("D016")
def declarant_is_the_company_that_files(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    if header.declarant_code and header.declarant_code != header.declarant.tin:
        yield (
            "declarant_code",
            _("Box 14 must name the company that files, TIN {tin}.").format(tin=header.declarant.tin),
        )


@OF_CASE.rule("D017")
def both_parties_are_named(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    if missing(case, header.exporter_name, "exporter_name"):
        yield "exporter_name", _("Give the name and address of the exporter.")
    if missing(case, header.consignee_name, "consignee_name"):
        yield "consignee_name", _("Give the name and address of the consignee.")


@OF_CASE.rule("D018")
def payer_tin_has_the_right_shape(case: Case) -> Iterator[Finding]:
    tin = case.content.declaration.financial_code
    if tin and not re.fullmatch(case.territory.tin_pattern, tin):
        yield "financial_code", _("“{tin}” is not a taxpayer number. Check the digits.").format(tin=tin)
