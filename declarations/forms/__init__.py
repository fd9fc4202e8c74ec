"""The browser's forms: which boxes a section shows, how a value is written in its control, how rows are pasted."""
