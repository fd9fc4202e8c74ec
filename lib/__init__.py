"""Leaf helpers, each module named after what it does. No models, no knowledge of customs."""
