"""A reference lodged a second time: the same content is the same declaration, other content is told so.

A program that got no answer sends again and must not make a second declaration. One that uses a reference twice for
different goods must not believe that the second ones were lodged.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from declarations.models import Declaration, Snapshot
from declarations.selectors import Content, canonical
from declarations.services.content import SCANS
from lib.violations import Conflict, Violation

TAKEN = "S018"
NOT_CONTENT = frozenset({"mrn", "version", "customs_number", "tax_date"})


def refuse_other_content(earlier: Declaration, content: Content) -> None:
    """Raise Conflict (S018) if `content` is none of the versions that were lodged as `earlier`."""
    sent = _comparable(canonical(content))
    lodged = Snapshot.objects.filter(declaration__mrn=earlier.mrn).values_list("content", flat=True)
    if all(_comparable(json.loads(text)) != sent for text in lodged):
        sentence = _(
            "This reference was lodged before, as {mrn}, with other content. Nothing new was made and nothing was "
            "changed. If this is another declaration, give it another reference (box 7); to change the first one, "
            "amend it."
        )
        fault = Violation(TAKEN, "lrn", sentence.format(mrn=earlier.mrn))
        raise Conflict([fault], also={"mrn": earlier.mrn, "id": str(earlier.public_id)})


def reference_taken(earlier: Declaration) -> Violation:
    """What is to be done in a draft whose reference stands for another declaration."""
    sentence = _("You lodged this reference before, as {mrn}. If this is another declaration, change box 7.")
    return Violation(TAKEN, "lrn", sentence.format(mrn=earlier.mrn))


def _comparable(document: Mapping[str, Any]) -> dict[str, Any]:
    """The declared content as JSON holds it, without numbers given at the gate and files that hang on one draft."""
    plain = json.loads(json.dumps(document, default=str))
    for item in plain["items"]:
        for paper in item["documents"]:
            for name in SCANS:
                paper.pop(name, None)
    return {name: value for name, value in plain.items() if name not in NOT_CONTENT}
