"""From published files to prepared ones: one pool, without copies, split, in Parquet."""
