"""Template filters of tariff pages."""
