"""Fine-tune an encoder and its heads: from rows to weights."""
