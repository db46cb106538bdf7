"""The commands of the core: score, bundle."""
