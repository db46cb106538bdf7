"""Decisions and appeals are told to those who asked to be told, signed."""
