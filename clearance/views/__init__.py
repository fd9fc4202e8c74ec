"""The browser door of clearance."""
