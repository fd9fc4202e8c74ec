"""What the login page of the demonstration shows: its accounts."""

from django.http import HttpRequest

from demo.accounts import PEOPLE


def accounts(request: HttpRequest) -> dict[str, object]:
    return {"demo_accounts": PEOPLE}
