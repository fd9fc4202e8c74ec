"""Writing the tariff: each verb in its own module."""
