"""Reads the corpora and trains, calibrates, evaluates and exports models."""
