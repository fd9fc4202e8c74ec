"""Cases a lawyer can read: who travels with what, what is due, what stays behind, and the legal source."""

from datetime import date
from typing import Any

import pytest

from lib.figures import plain
from passengers.calculation import Judged, TravelLaw, judge, judge_cash
from passengers.selectors import law as law_of_country
from tests.passengers import travel_cases as read


def told(judged: Judged, case: dict[str, Any]) -> dict[str, Any]:
    """What the judgement says of the things that the case expects something of."""
    found: dict[str, Any] = {
        "payable": str(judged.payable),
        "charges": [{each.limit: str(each.amount)} for each in judged.charges],
        "refused": {each.limit: plain(each.over) for each in judged.refused},
        "unknown": [f"{each.good} {each.what}" for each in judged.unknown],
        "formulas": [each.formula.replace("\u00a0", " ") for each in judged.charges],
    }
    return {name: found[name] for name in found if name in case} | {
        name: found[name] for name in ("refused", "unknown") if found[name]
    }


def expected(case: dict[str, Any]) -> dict[str, Any]:
    return {name: case[name] for name in ("payable", "charges", "refused", "unknown", "formulas") if name in case}


def cash_told(case: dict[str, Any], law: TravelLaw, rules: Any) -> list[str]:
    found = judge_cash(
        read.lines(case.get("cash", [])),
        read.persons(case),
        rules,
        law.tariff,
        declared=read.lines(case.get("declared", [])),
    )
    return [f"{each.person} {each.rule} {plain(each.total)} {each.currency}" for each in found]


@pytest.mark.parametrize("case", read.cases(of_country=False), ids=lambda case: f"{case['file']}: {case['rule']}")
def test_case(case: dict[str, Any]) -> None:
    law = read.law(case)
    assert case["source"]
    assert told(judge(read.party(case), law), case) == expected(case)
    assert cash_told(case, law, read.cash_rules(case)) == case.get("found", [])


@pytest.mark.django_db
@pytest.mark.parametrize("case", read.cases(of_country=True), ids=lambda case: f"{case['file']}: {case['rule']}")
def test_case_of_the_demonstration_country(case: dict[str, Any]) -> None:
    on = date.fromisoformat(str(case["date"]))
    direction, party = case.get("direction", "entry"), read.party({"currency": "TJS", **case})
    law = law_of_country.travel_law(party, direction=direction, way=case.get("way", "air"), on=on)
    assert case["source"]
    assert told(judge(party, law), case) == expected(case)
    assert cash_told(case, law, law_of_country.cash_rules(direction=direction, on=on)) == case.get("found", [])


def test_there_are_at_least_sixty_cases() -> None:
    assert len(read.cases(of_country=False)) + len(read.cases(of_country=True)) >= 60
