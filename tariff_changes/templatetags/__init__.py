"""Template filters of change sets."""
