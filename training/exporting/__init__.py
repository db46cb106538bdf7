"""From weights to a bundle that proves itself."""
