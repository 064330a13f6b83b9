"""Figures: each docstring is the definition that is shown under its chart."""
