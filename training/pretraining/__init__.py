"""From raw text to an encoder: tokenizer, token shards, word vectors, masked LM."""
