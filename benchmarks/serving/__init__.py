"""``make bench``: what the service does under load, beside its engine and its peers."""
