"""Makes the tables that `vectorstore.search` ships, from the evaluation data."""
