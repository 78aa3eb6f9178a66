"""Bytes in and out: files, streams, addresses, compression, atomic writes, JSON."""
