"""What tests of the post share with those of travellers: the bank that takes everything, doors on the day of tests."""

from tests.passengers.conftest import today, told

__all__ = ["today", "told"]
