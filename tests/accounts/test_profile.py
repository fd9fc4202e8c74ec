"""A person's own profile."""

import pytest
from django.test import Client

from accounts.forms import time_zones
from accounts.models import User

pytestmark = pytest.mark.django_db


def test_the_profile_is_written_and_the_language_follows(as_trader: Client, trader: User) -> None:
    response = as_trader.post("/profile/", {"full_name": "Зарина Т.", "language": "tg", "time_zone": "Asia/Tashkent"})
    assert response["Location"] == "/profile/"
    trader.refresh_from_db()
    assert (trader.full_name, trader.language, trader.time_zone) == ("Зарина Т.", "tg", "Asia/Tashkent")
    assert 'lang="tg"' in as_trader.get("/profile/").content.decode()


def test_an_unknown_time_zone_is_refused(as_trader: Client, trader: User) -> None:
    response = as_trader.post("/profile/", {"full_name": "Z", "language": "tg", "time_zone": "Mars/Base"})
    assert response.status_code == 422
    trader.refresh_from_db()
    assert trader.time_zone == "Asia/Dushanbe"


def test_a_place_for_each_time_is_offered_and_ones_own(as_trader: Client, trader: User) -> None:
    User.objects.filter(pk=trader.pk).update(time_zone="Asia/Tashkent")
    page = as_trader.get("/profile/").content.decode()
    assert page.count('value="Asia/Tashkent" selected') == 1
    assert 30 < page.count("UTC") < 90
    assert "UTC+05:00 Dushanbe" in page
    assert "UTC+05:30 Kolkata" in page
    assert page.index("UTC−05:00 New York") < page.index("UTC+05:00 Dushanbe") < page.index("UTC+09:00 Tokyo")


def test_places_with_the_same_time_in_winter_and_another_in_summer_are_two() -> None:
    names = dict(time_zones("", year=2026))
    in_winter = [name for name, place in names.items() if place.startswith("UTC−07:00")]
    assert len(in_winter) == 2
    assert "America/Denver" in in_winter
    assert time_zones("Mars/Base", year=2026) == time_zones("", year=2026)
