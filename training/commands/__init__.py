"""The commands of data scientists, a module each. Torch loads when one runs."""
