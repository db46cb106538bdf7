"""What a bundle does on rows whose labels are known."""
