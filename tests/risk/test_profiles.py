"""Profiles of companies: two persons, a rule anybody can say, and a company is told the good one alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role
from clearance.services import route
from declarations.models import Declaration
from lib.violations import Rejected
from risk import services
from risk.models import CompanyProfile
from risk.selectors import reasons_in_words
from tests import make
from tests.conftest import client_of
from tests.risk import make as risk

pytestmark = pytest.mark.django_db
WHY = "Audited for two years without a finding."


def _second():  # type: ignore[no-untyped-def]
    return make.officer(Role.ANALYST, None, "second.analyst@customs.example")


def _asked(kind: str = "aeo") -> CompanyProfile:
    make.company(owner=make.trader())
    draft = services.ProfileDraft(tin=make.TIN, kind=kind, valid_from=make.ON, reason=WHY)
    return services.ask_profile(draft, by=risk.analyst(), at=make.AT)


def _agreed(kind: str) -> CompanyProfile:
    return services.agree_to_profile(_asked(kind), by=_second(), at=make.AT)


def _lane() -> str:
    return _scored().score.lane


def _scored() -> Declaration:
    declaration = make.assessed()
    services.score(declaration.pk, at=make.AT)
    return declaration


def _code(error: "pytest.ExceptionInfo[Rejected]") -> str:
    return error.value.violations[0].code


def test_an_authorised_operator_is_spared_the_general_yellow_alone() -> None:
    risk.criterion(code="GENERAL", lane="yellow", general=True)
    _asked()
    assert _lane() == "yellow", "asked for is not given"
    profile = CompanyProfile.objects.get()
    services.agree_to_profile(profile, by=_second(), at=make.AT)
    spared = _scored()
    assert spared.score.lane == "blue"
    (reason,) = reasons_in_words(spared.score)
    assert reason.sentences[-1] == "yellow by a general criterion, but the company is an authorised operator: blue."
    named = risk.criterion(code="NAMED", lane="yellow")
    assert _lane() == "yellow", "a criterion that is not general holds for everybody"
    services.switch_off(named, reason="test", at=make.AT, by=None)
    services.end_profile(profile, reason="A false origin was found.", by=risk.analyst(), at=make.AT)
    assert _lane() == "yellow"


def test_a_watch_spares_nothing_and_can_be_asked_for() -> None:
    risk.criterion(code="GENERAL", lane="yellow", general=True)
    risk.criterion(code="WATCHED", conditions=[{"field": "header.company_profile", "op": "=", "value": "WATCH"}])
    _agreed("aeo")
    assert _lane() == "blue"
    _agreed("watch")
    scored = _scored().score
    assert scored.lane == "red"
    assert {hit["code"]: hit["lane"] for hit in scored.reasons} == {"GENERAL": "yellow", "WATCHED": "red"}


def test_a_profile_takes_two_persons_and_is_kept() -> None:
    asked = _asked()
    with pytest.raises(Rejected) as error:
        services.agree_to_profile(asked, by=risk.analyst(), at=make.AT)
    assert _code(error) == "K077"
    with pytest.raises(Rejected) as error:
        _asked()
    assert _code(error) == "K075"
    with pytest.raises(IntegrityError), transaction.atomic():
        CompanyProfile.objects.filter(pk=asked.pk).update(
            outcome="agreed", decided_by=risk.analyst(), decided_at=make.AT
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.delete()
    services.agree_to_profile(asked, by=_second(), at=make.AT)
    with pytest.raises(Rejected) as error:
        services.refuse_profile(asked, by=_second(), at=make.AT)
    assert _code(error) == "K076"
    assert _asked("new").outcome == "agreed", "a new company needs no second person"


def test_what_was_asked_for_wrongly_is_refused_with_its_reason() -> None:
    def refused(**changes: object) -> set[tuple[str, str]]:
        given = {"tin": make.TIN, "kind": "aeo", "valid_from": make.ON, "reason": WHY}
        with pytest.raises(Rejected) as error:
            services.ask_profile(services.ProfileDraft(**given | changes), by=risk.analyst(), at=make.AT)  # type: ignore[arg-type]
        return {(fault.code, fault.pointer) for fault in error.value.violations}

    make.company(owner=make.trader())
    yesterday = make.ON - timedelta(days=1)
    assert refused(tin="999999999") == {("K071", "tin")}
    assert refused(kind="friend", reason="  ") == {("K072", "kind"), ("K074", "reason")}
    assert refused(valid_from=yesterday) == {("K073", "valid_from")}
    assert refused(valid_to=yesterday) == {("K073", "valid_to")}


def test_who_sees_a_profile() -> None:
    _agreed("aeo")
    _agreed("watch")
    declaration = _scored()
    route(declaration.pk, at=make.AT)
    officer = client_of(make.officer()).get(reverse("case", args=[declaration.public_id])).content.decode()
    assert "to watch" in officer
    assert WHY in officer
    trader = client_of(make.trader()).get(reverse("desk")).content.decode()
    assert "is an authorised economic operator since" in trader
    assert "watch" not in trader
    assert WHY not in trader
    assert client_of(make.officer()).get(reverse("profiles")).status_code == 404
    auditor = client_of(make.officer(Role.AUDITOR, None))
    assert "End the profile" not in auditor.get(reverse("profiles")).content.decode()
    assert auditor.post(reverse("profile_ask"), {}).status_code == 404


def test_analysts_ask_agree_and_end_on_the_page() -> None:
    make.company(owner=make.trader())
    asker, second = client_of(risk.analyst()), client_of(_second())
    refused = asker.post(reverse("profile_ask"), {"tin": "1", "kind": "aeo", "valid_from": "2030-01-01", "reason": WHY})
    assert refused.status_code == 422
    assert "There is no confirmed company with the TIN “1”." in refused.content.decode()
    given = {"tin": make.TIN, "kind": "aeo", "valid_from": "2030-01-01", "reason": WHY}
    assert asker.post(reverse("profile_ask"), given).status_code == 302
    profile = CompanyProfile.objects.get()
    asker.post(reverse("profile_agree", args=[profile.pk]))
    profile.refresh_from_db()
    assert profile.outcome == ""
    second.post(reverse("profile_agree", args=[profile.pk]))
    assert asker.post(reverse("profile_end", args=[profile.pk]), {"reason": "no"}).status_code == 422
    asker.post(reverse("profile_end", args=[profile.pk]), {"reason": "It was given by mistake."})
    profile.refresh_from_db()
    assert (profile.outcome, profile.end_reason) == ("agreed", "It was given by mistake.")
    assert profile.valid_to is not None
    assert profile.valid_to < profile.valid_from, "it held on no day"
