"""Sweeps: variants of a recipe, trained alike, measured on dev, and one of them chosen."""
