"""What `make bench-…` runs: speed and memory, beside what was asked for."""
