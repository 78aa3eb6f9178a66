"""A run over many files: cut into shards, cleaned by workers, written down, put together."""
