"""From logits to probabilities that mean something, and thresholds on them."""
