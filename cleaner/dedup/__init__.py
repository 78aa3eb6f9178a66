"""Near duplicates: shingles, MinHash signatures, clusters of copies, and the links between them."""
