"""The door to a register of companies that the country may connect. None comes with the portal.

`COMPANY_REGISTER` names a class that is a `Register`; its answers stand beside the claim an officer decides on, and a
claim by a person whom the register itself names as entitled needs no officer. Its `look_up` has to give up within a
few seconds; whatever it raises is tried again later.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register says about a TIN. `entitled` are e-mail addresses of persons who act for the company."""

    name: str
    address: str = ""
    active: bool = True
    entitled: tuple[str, ...] = ()


class Register(Protocol):
    def look_up(self, tin: str) -> Entry | None:
        """The entry of the TIN, None if there is none."""


def connected() -> Register | None:
    """The register of the settings, if one is connected."""
    if not settings.COMPANY_REGISTER:
        return None
    register: Register = import_string(settings.COMPANY_REGISTER)()
    return register
