"""What surely stands around an article, whatever a model would say of it."""
