"""The browser door of the declaration."""
