"""The browser door of companies."""
