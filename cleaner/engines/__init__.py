"""Engines: the same work over many shards, here or elsewhere; they know nothing of articles."""
