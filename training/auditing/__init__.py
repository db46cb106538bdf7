"""What must be known of the corpora before anything is learned from them."""
