"""Reference tables in the admin. Code lists are edited and imported here; published law is only read here."""

from tariffs.admin import charging, code_lists, exchange_rates, law, travel

__all__ = ["charging", "code_lists", "exchange_rates", "law", "travel"]
