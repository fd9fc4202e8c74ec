"""Rules of an item: what the goods are, where they come from, how much they weigh, what they cost."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from declarations.facts import Case
from declarations.rules.rule import OF_ASSESSMENT, OF_CASE, items, missing
from lib.figures import plain
from lib.pointers import pointer_to
from lib.rules import Finding
from tariffs.calculation import Assessment
from tariffs.rates import STATED_UNITS
from tariffs.selectors import need_sentence

METHODS = frozenset("123456")


@OF_CASE.rule("D070")
def commodity_code_is_given(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        if missing(case, item.commodity_code, f"{pointer}.commodity_code"):
            yield (
                f"{pointer}.commodity_code",
                _("Give the commodity code of the goods. The tariff search helps to find it."),
            )


@OF_CASE.rule("D071")
def commodity_code_may_be_declared(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        code = item.commodity_code
        commodity = case.commodities.get(code)
        if not code or (commodity is not None and commodity.declarable):
            continue
        if commodity is not None:
            sentence = _("{code} is a heading with codes below it. Choose one of {length} digits.")
        else:
            sentence = _("There is no commodity code {code} on this date. Choose one of {length} digits.")
        yield f"{pointer}.commodity_code", sentence.format(code=code, length=case.territory.commodity_code_length)


@OF_CASE.rule("D072")
def goods_are_described(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        at = f"{pointer}.commercial_description"
        if missing(case, item.commercial_description, at) and not item.tariff_description:
            yield at, _("Describe the goods so that they can be recognised: kind, make, model.")


@OF_CASE.rule("D073")
def origin_is_known(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        at = f"{pointer}.origin_country"
        if missing(case, item.origin_country, at):
            yield at, _("Give the country of origin of the goods.")
        elif item.origin_country and item.origin_country not in case.known["country"]:
            yield at, _("“{code}” is not a country code. Use two letters, such as CN.").format(code=item.origin_country)


@OF_CASE.rule("D074")
def gross_mass_is_given(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        if missing(case, item.gross_mass, f"{pointer}.gross_mass") or item.gross_mass == 0:
            yield f"{pointer}.gross_mass", _("Give the gross mass in kilograms, more than zero.")


@OF_CASE.rule("D075")
def net_mass_is_given(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        if missing(case, item.net_mass, f"{pointer}.net_mass") or item.net_mass == 0:
            yield f"{pointer}.net_mass", _("Give the net mass in kilograms, more than zero.")


@OF_CASE.rule("D076")
def net_is_not_more_than_gross(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        if item.gross_mass is not None and item.net_mass is not None and item.net_mass > item.gross_mass:
            yield (
                f"{pointer}.net_mass",
                _("The goods weigh {net} kg without and {gross} kg with packing.").format(
                    net=plain(item.net_mass), gross=plain(item.gross_mass)
                ),
            )


@OF_CASE.rule("D077")
def item_price_is_given(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        if missing(case, item.item_price, f"{pointer}.item_price") or item.item_price == 0:
            yield f"{pointer}.item_price", _("Give the price of the item in the currency of the invoice.")


@OF_CASE.rule("D078")
def packages_are_counted(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        if item.packages_kind and missing(case, item.packages_number, f"{pointer}.packages_number"):
            yield f"{pointer}.packages_number", _("Give the number of packages; 0 if they are counted at another item.")
        if item.packages_number and missing(case, item.packages_kind, f"{pointer}.packages_kind"):
            yield f"{pointer}.packages_kind", _("Give the kind of packages, such as CT for cartons.")


@OF_CASE.rule("D079")
def kind_of_packages_is_known(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        if item.packages_kind and item.packages_kind not in case.known["package_kind"]:
            yield (
                f"{pointer}.packages_kind",
                _("“{code}” is not a kind of package. Choose one from the list.").format(code=item.packages_kind),
            )


@OF_CASE.rule("D080")
def something_is_packed(case: Case) -> Iterator[Finding]:
    if case.content.items and not any(item.packages_number for item in case.content.items):
        yield "items[0].packages_number", _("Give the number of packages of at least one item; 1 for goods in bulk.")


@OF_CASE.rule("D081")
def supplementary_unit_of_the_code_is_declared(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        commodity = case.commodities.get(item.commodity_code)
        unit = commodity.supplementary_unit if commodity is not None else ""
        declared = (item.supplementary_unit_1, item.supplementary_unit_2, item.supplementary_unit_3)
        if unit and unit != "KGM" and unit not in declared:
            yield (
                f"{pointer}.supplementary_unit_1",
                _("Goods of this code are declared in the unit {unit} too.").format(unit=unit),
            )


@OF_CASE.rule("D082")
def supplementary_units_have_quantities(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        for rank in (1, 2, 3):
            unit, quantity = (
                getattr(item, f"supplementary_unit_{rank}"),
                getattr(item, f"supplementary_quantity_{rank}"),
            )
            at = f"{pointer}.supplementary_quantity_{rank}"
            if unit and (missing(case, quantity, at) or (quantity == 0 and unit not in STATED_UNITS)):
                yield at, _("Give the quantity in the unit {unit}, more than zero.").format(unit=unit)
            if quantity and missing(case, unit, f"{pointer}.supplementary_unit_{rank}"):
                yield f"{pointer}.supplementary_unit_{rank}", _("Give the unit of this quantity.")


@OF_CASE.rule("D083")
def supplementary_units_are_known(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        for rank in (1, 2, 3):
            unit = getattr(item, f"supplementary_unit_{rank}")
            if unit and unit not in case.known["unit"]:
                yield (
                    f"{pointer}.supplementary_unit_{rank}",
                    _("“{code}” is not a unit. Choose one from the list.").format(code=unit),
                )


@OF_CASE.rule("D088")
def supplementary_units_are_given_once(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        units = [getattr(item, f"supplementary_unit_{rank}") for rank in (1, 2, 3)]
        for rank, unit in enumerate(units[1:], 2):
            if unit and unit in units[: rank - 1]:
                yield (
                    f"{pointer}.supplementary_unit_{rank}",
                    _("The unit {unit} is given twice. Give one quantity in it.").format(unit=unit),
                )


@OF_ASSESSMENT.rule("D084")
def rates_have_the_quantities_they_need(assessed: Assessment) -> Iterator[Finding]:
    for need in assessed.needs:
        if need.code not in ("T002", "T005"):
            yield need.pointer, need_sentence(need)


@OF_CASE.rule("D085")
def valuation_method_is_known(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        if item.valuation_method and item.valuation_method not in METHODS:
            yield f"{pointer}.valuation_method", _("The valuation method is 1 to 6; 1 is the price paid.")


@OF_CASE.rule("D086")
def adjustment_is_a_rate(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        if item.rate_of_adjustment is not None and not 0 < item.rate_of_adjustment <= 100:
            yield (
                f"{pointer}.rate_of_adjustment",
                _("The rate of adjustment is a factor above 0 and up to 100; usually 1."),
            )


@OF_CASE.rule("D087")
def containers_name_their_goods_packages(case: Case) -> Iterator[Finding]:
    for place, container in enumerate(case.content.containers):
        if container.packages_kind and container.packages_kind not in case.known["package_kind"]:
            yield (
                pointer_to("containers", place, "packages_kind"),
                _("“{code}” is not a kind of package. Choose one from the list.").format(code=container.packages_kind),
            )
