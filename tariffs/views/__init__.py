"""The public tariff in the browser: the tree, a line on a date, search, the calculator, exchange rates."""
