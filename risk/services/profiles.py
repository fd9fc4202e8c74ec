"""Profiles of companies: asked for, agreed to or refused by a second person, ended. Every row is kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import Rejected, Violation, refuse
from risk import states
from risk.models import CompanyProfile
from risk.selectors.profiles import company_with
from traders.models import Company

REASON_AT_LEAST = 10
_ALONE = (CompanyProfile.Kind.NEW,)


@dataclass(frozen=True)
class ProfileDraft:
    """What an analyst wrote: whose profile, which, for how long, and why."""

    tin: str
    kind: str
    valid_from: date
    reason: str
    valid_to: date | None = None


@transaction.atomic
def ask_profile(draft: ProfileDraft, *, by: User, at: datetime) -> CompanyProfile:
    """Ask for a profile; it holds when a second person has agreed. One of a new company holds at once.

    Raises Rejected: K071 no such company, K072 no such kind, K073 ends before it begins or begins in the past,
    K074 no reason, K075 the company has it on one of these days or somebody has asked for it already.
    """
    company = company_with(draft.tin)
    if company is None:
        raise refuse("K071", "tin", _("There is no confirmed company with the TIN “%s”.") % draft.tin.strip())
    company = Company.objects.select_for_update().get(pk=company.pk)
    on = timezone.localdate(at)
    if faults := _faults(draft, on=on):
        raise Rejected(faults)
    _no_other(company, draft)
    asked = CompanyProfile.objects.create(
        company=company, kind=draft.kind, valid_from=draft.valid_from, valid_to=draft.valid_to,
        reason=draft.reason.strip(), asked_by=by, asked_at=at,
    )  # fmt: skip
    if draft.kind in _ALONE:
        states.decide_profile(asked, CompanyProfile.Outcome.AGREED, by=by, at=at)
    return asked


@transaction.atomic
def agree_to_profile(profile: CompanyProfile, *, by: User, at: datetime) -> CompanyProfile:
    """The second person agrees: the profile holds on its days, and on none before today.

    Raises Rejected: K076 decided already, K077 by whoever asked, K073 its last day is past.
    """
    kept = _waiting(profile)
    if kept.asked_by_id == by.pk:
        raise refuse("K077", "", _("Whoever asks for a profile does not agree to it: a second analyst does."))
    if kept.valid_to and kept.valid_to < timezone.localdate(at):
        raise refuse("K073", "", _("The last day of this profile is past. Refuse it, and ask anew."))
    states.decide_profile(kept, CompanyProfile.Outcome.AGREED, by=by, at=at)
    return kept


@transaction.atomic
def refuse_profile(profile: CompanyProfile, *, by: User, at: datetime) -> CompanyProfile:
    """The profile is not given; whoever asked may take it back so. Raises Rejected K076 decided already."""
    kept = _waiting(profile)
    states.decide_profile(kept, CompanyProfile.Outcome.REFUSED, by=by, at=at)
    return kept


@transaction.atomic
def end_profile(profile: CompanyProfile, *, reason: str, by: User, at: datetime) -> CompanyProfile:
    """The profile ends: yesterday was its last day. Raises Rejected: K074 no reason, K078 not in force."""
    why = reason.strip()
    if len(why) < REASON_AT_LEAST:
        raise refuse("K074", "reason", _("Say why, in at least ten letters: the row is kept and read later."))
    kept = CompanyProfile.objects.select_for_update().get(pk=profile.pk)
    on = timezone.localdate(at)
    is_over = kept.valid_to is not None and kept.valid_to < on
    if kept.outcome != CompanyProfile.Outcome.AGREED or kept.ended_at is not None or is_over:
        raise refuse("K078", "", _("This profile is not in force. Nothing was changed."))
    kept.valid_to = max(on, kept.valid_from) - timedelta(days=1)
    kept.ended_by, kept.ended_at, kept.end_reason = by, at, why
    kept.save(update_fields=["valid_to", "ended_by", "ended_at", "end_reason"])
    return kept


def _faults(draft: ProfileDraft, *, on: date) -> list[Violation]:
    found = []
    if draft.kind not in CompanyProfile.Kind.values:
        found.append(Violation("K072", "kind", _("“%s” is no profile. Choose one of the list.") % draft.kind))
    if draft.valid_from < on:
        found.append(Violation("K073", "valid_from", _("A profile begins today or later.")))
    elif draft.valid_to and draft.valid_to < draft.valid_from:
        found.append(Violation("K073", "valid_to", _("The last day is before the first.")))
    if len(draft.reason.strip()) < REASON_AT_LEAST:
        sentence = _("Say why, in at least ten letters: the row is kept and read later.")
        found.append(Violation("K074", "reason", sentence))
    return found


def _no_other(company: Company, draft: ProfileDraft) -> None:
    same = CompanyProfile.objects.filter(company=company, kind=draft.kind)
    if same.filter(outcome=CompanyProfile.Outcome.ASKED).exists():
        raise refuse("K075", "kind", _("Somebody has asked for this profile already. Agree to it or refuse it first."))
    agreed = same.filter(outcome=CompanyProfile.Outcome.AGREED)
    begun = agreed if draft.valid_to is None else agreed.filter(valid_from__lte=draft.valid_to)
    if any(row.valid_to is None or row.valid_to >= max(row.valid_from, draft.valid_from) for row in begun):
        raise refuse("K075", "kind", _("The company has this profile on one of these days. End that one first."))


def _waiting(profile: CompanyProfile) -> CompanyProfile:
    kept = CompanyProfile.objects.select_for_update().get(pk=profile.pk)
    if kept.outcome != CompanyProfile.Outcome.ASKED:
        raise refuse("K076", "", _("This profile was decided already. Nothing was changed."))
    return kept
