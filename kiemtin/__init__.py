"""What training and serving must agree on: labels, text, bundle, scoring, policy."""
