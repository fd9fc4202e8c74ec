"""Pages of the public tariff, the calculator, exchange rates and open data."""
