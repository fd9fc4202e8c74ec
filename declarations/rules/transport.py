"""Rules of the journey: countries, means of transport, offices, containers, packages."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from declarations.boxes import HEADER
from declarations.facts import Case
from declarations.rules.rule import OF_CASE, items, missing
from lib.check_digits import container_is_valid
from lib.figures import ZERO, plain
from lib.pointers import pointer_to
from lib.rules import Finding

_HEADER_CODES = {
    name: [box.field for box in HEADER if box.codes == name] for name in ("country", "currency", "transport_mode")
}
# Modes of transport without a vehicle of a nationality: rail, post, fixed installations (recommendation 19 of UNECE).
WITHOUT_NATIONALITY = ("2", "5", "7")


def _unknown(case: Case, name: str, sentence: str) -> Iterator[Finding]:
    header = case.content.declaration
    for pointer in _HEADER_CODES[name]:
        code = getattr(header, pointer)
        if code and code not in case.known[name]:
            yield pointer, sentence.format(code=code)


@OF_CASE.rule("D020")
def countries_are_known(case: Case) -> Iterator[Finding]:
    yield from _unknown(case, "country", _("“{code}” is not a country code. Use two letters, such as CN."))


@OF_CASE.rule("D021")
def currencies_are_known(case: Case) -> Iterator[Finding]:
    yield from _unknown(case, "currency", _("“{code}” is not a currency code. Use three letters, such as USD."))


@OF_CASE.rule("D022")
def modes_of_transport_are_known(case: Case) -> Iterator[Finding]:
    yield from _unknown(case, "transport_mode", _("“{code}” is not a mode of transport. Choose one from the list."))


@OF_CASE.rule("D023")
def border_office_is_open(case: Case) -> Iterator[Finding]:
    code = case.content.declaration.border_office_code
    if code and code not in case.known["office"]:
        yield (
            "border_office_code",
            _("There is no open customs office {code}. Choose one from the list.").format(code=code),
        )


@OF_CASE.rule("D024")
def country_of_export_is_given(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    if header.flow == "import" and missing(case, header.export_country, "export_country"):
        yield "export_country", _("Give the country from which the goods were sent.")


@OF_CASE.rule("D025")
def country_of_destination_is_given(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    if header.flow == "export" and missing(case, header.destination_country, "destination_country"):
        yield "destination_country", _("Give the country to which the goods go.")


@OF_CASE.rule("D026")
def imports_arrive_here_and_exports_leave_here(case: Case) -> Iterator[Finding]:
    header, home = case.content.declaration, case.territory.code
    if header.declaration_type.startswith("IM") and header.destination_country not in ("", home):
        yield (
            "destination_country",
            _("An import goes to {home}. Leave box 17 empty or write {home}.").format(home=home),
        )
    if header.flow == "export" and header.export_country not in ("", home):
        yield "export_country", _("An export leaves from {home}. Leave box 15 empty or write {home}.").format(home=home)
    if header.flow == "export" and header.destination_country == home:
        yield "destination_country", _("An export goes to another country.")


@OF_CASE.rule("D027")
def mode_at_the_border_is_given(case: Case) -> Iterator[Finding]:
    if missing(case, case.content.declaration.border_mode, "border_mode"):
        yield "border_mode", _("Say how the goods cross the border, such as 3 for road.")


@OF_CASE.rule("D028")
def means_of_transport_has_a_nationality(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    for name in ("departure", "border"):
        identity, nationality = getattr(header, f"{name}_identity"), getattr(header, f"{name}_nationality")
        pointer = f"{name}_nationality"
        mode = (header.border_mode or header.inland_mode)[:1]
        if identity and mode not in WITHOUT_NATIONALITY and missing(case, nationality, pointer):
            yield pointer, _("Give the country in which the means of transport is registered.")


@OF_CASE.rule("D029")
def nationality_belongs_to_a_means_of_transport(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    for name in ("departure", "border"):
        if getattr(header, f"{name}_nationality") and missing(
            case, getattr(header, f"{name}_identity"), f"{name}_identity"
        ):
            yield f"{name}_identity", _("Name the means of transport: the number of the truck, wagon, ship or flight.")


@OF_CASE.rule("D030")
def goods_in_containers_name_them(case: Case) -> Iterator[Finding]:
    if case.content.declaration.container_flag and not case.content.containers:
        yield "containers", _("Box 19 says the goods are in containers. List the containers, or remove the mark.")


@OF_CASE.rule("D031")
def containers_are_announced(case: Case) -> Iterator[Finding]:
    if case.content.containers and not case.content.declaration.container_flag:
        yield "container_flag", _("Containers are listed. Mark in box 19 that the goods are in containers.")


@OF_CASE.rule("D032")
def container_numbers_are_right(case: Case) -> Iterator[Finding]:
    for place, container in enumerate(case.content.containers):
        if not container_is_valid(container.identity):
            yield (
                pointer_to("containers", place, "identity"),
                _(
                    "“{number}” is not a container number: four letters and seven digits, the last one a check digit."
                ).format(number=container.identity),
            )


@OF_CASE.rule("D033")
def containers_differ(case: Case) -> Iterator[Finding]:
    seen: set[tuple[str, int | None]] = set()
    for place, container in enumerate(case.content.containers):
        key = (container.identity, container.item_number)
        if container.identity and key in seen:
            yield (
                pointer_to("containers", place, "identity"),
                _("This container is listed twice. Remove one of the rows."),
            )
        seen.add(key)


@OF_CASE.rule("D034")
def containers_belong_to_items(case: Case) -> Iterator[Finding]:
    count = len(case.content.items)
    for place, container in enumerate(case.content.containers):
        if container.item_number is not None and not 1 <= container.item_number <= count:
            yield (
                pointer_to("containers", place, "item_number"),
                _("There is no item {number}.").format(number=container.item_number),
            )


@OF_CASE.rule("D035")
def total_packages_are_the_sum(case: Case) -> Iterator[Finding]:
    declared = case.content.declaration.total_packages
    total = sum((item.packages_number or ZERO for _pointer, item in items(case)), ZERO)
    if declared is not None and declared != total:
        yield (
            "total_packages",
            _("Box 6 says {declared} packages, the items have {total}. Correct one of them.").format(
                declared=declared, total=plain(total)
            ),
        )


@OF_CASE.rule("D036")
def total_gross_mass_is_the_sum(case: Case) -> Iterator[Finding]:
    declared = case.content.declaration.total_gross_mass
    total = sum((item.gross_mass or ZERO for _pointer, item in items(case)), ZERO)
    if declared is not None and abs(declared - total) > Decimal("0.01"):
        yield (
            "total_gross_mass",
            _("The total says {declared} kg, the items weigh {total} kg. Correct one of them.").format(
                declared=plain(declared), total=plain(total)
            ),
        )
