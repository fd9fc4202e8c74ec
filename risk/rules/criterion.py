"""What a criterion must be, as a whole. Its conditions are judged in `risk.rules.conditions`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from heapq import merge

from django.utils.translation import gettext as _

from lib.rules import Finding, RuleBook
from lib.violations import Violation
from risk.models import About, Lane
from risk.rules import conditions
from tariffs.selectors import known_codes

LAST_OF_SHARE = Decimal("0.01")


@dataclass(frozen=True)
class Draft:
    """What an analyst wrote: a criterion before it is judged."""

    code: str
    name: str
    lane: str
    about: str = About.DECLARATIONS
    conditions: Sequence[Mapping[str, str]] = ()
    name_ru: str = ""
    name_tg: str = ""
    instruction: str = ""
    instruction_ru: str = ""
    instruction_tg: str = ""
    share: Decimal = Decimal(100)
    offices: Sequence[str] = ()
    valid_from: date = date.min
    valid_to: date | None = None
    general: bool = False
    may_yield: bool = False


# Rules that look at the draft alone, and rules that look codes up in the lists of a day.
OF_DRAFT: RuleBook[[Draft]] = RuleBook()
OF_CODES: RuleBook[[Draft, date]] = RuleBook()


def violations(draft: Draft, *, on: date) -> list[Violation]:
    """Every fault of the draft, in the order of the rules' codes."""
    return list(merge(OF_DRAFT.faults(draft), OF_CODES.faults(draft, on), key=lambda fault: fault.code))


# The criterion as a whole --------------------------------------------------------------------------------------
@OF_DRAFT.rule("K001")
def it_has_a_code(draft: Draft) -> Iterator[Finding]:
    if not draft.code.strip():
        yield "code", _("The criterion has no code. Give it a short one, such as BEER-VALUE.")


@OF_DRAFT.rule("K002")
def it_has_a_name(draft: Draft) -> Iterator[Finding]:
    if not draft.name.strip():
        yield "name", _("The criterion has no name. Say in a few words what it looks for.")


@OF_DRAFT.rule("K003")
def its_lane_is_known(draft: Draft) -> Iterator[Finding]:
    if draft.lane not in Lane.values:
        yield "lane", _("“%s” is not a lane. Choose green, blue, yellow or red.") % draft.lane


@OF_DRAFT.rule("K004")
def its_share_is_a_percentage(draft: Draft) -> Iterator[Finding]:
    share = Decimal(draft.share)
    if not share.is_finite() or not 0 < share <= 100:
        yield "share", _("A share is more than 0 and at most 100 percent: a share of nothing selects nothing.")
    elif share != share.quantize(LAST_OF_SHARE):
        yield "share", _("A share has two decimals at most.")


@OF_DRAFT.rule("K005")
def it_begins_before_it_ends(draft: Draft) -> Iterator[Finding]:
    if draft.valid_to and draft.valid_to < draft.valid_from:
        yield "valid_to", _("The last day is before the first.")


@OF_DRAFT.rule("K006")
def an_officer_knows_what_to_look_at(draft: Draft) -> Iterator[Finding]:
    if draft.lane in (Lane.YELLOW, Lane.RED) and not draft.instruction.strip():
        yield "instruction", _("Tell the officer what to look at: a yellow or red file needs it.")


@OF_CODES.rule("K007")
def its_offices_are_known(draft: Draft, on: date) -> Iterator[Finding]:
    for code in sorted(set(draft.offices) - known_codes("office", on=max(on, draft.valid_from))):
        yield "offices", _("There is no office “%s”.") % code


@OF_DRAFT.rule("K008")
def it_does_not_select_everything(draft: Draft) -> Iterator[Finding]:
    if not draft.conditions and draft.share > 20:
        yield "share", _("Without conditions every declaration is met: name a condition or select at most 20 %.")


@OF_DRAFT.rule("K009")
def it_fits_what_it_scores(draft: Draft) -> Iterator[Finding]:
    if draft.about not in About.values:
        yield "about", _("“%s” is nothing that is scored. Choose declarations or travellers.") % draft.about
    elif draft.about == About.TRAVELLERS and draft.lane not in (Lane.GREEN, Lane.RED):
        yield "lane", _("A traveller goes through the green or the red lane.")


@OF_DRAFT.rule("K070")
def only_what_stops_a_declaration_gives_way(draft: Draft) -> Iterator[Finding]:
    if draft.general and draft.lane != Lane.YELLOW:
        yield "general", _("Only a yellow criterion can be general: red stays red for everybody.")
    if draft.may_yield and (draft.lane not in (Lane.YELLOW, Lane.RED) or not draft.conditions):
        yield "may_yield", _("Only a yellow or red criterion with conditions may yield; a random share never does.")


@OF_CODES.rule("K010")
def its_conditions_can_be_met(draft: Draft, on: date) -> Iterator[Violation]:
    """K010 to K018 for one condition, K058 to K064 for what cannot be met on its first day."""
    return conditions.faults(
        draft.conditions,
        travellers=draft.about == About.TRAVELLERS,
        offices=draft.offices,
        on=max(on, draft.valid_from),
    )
