"""What a bulk verification reads: a column of links or tokens, in CSV, text or Parquet."""
