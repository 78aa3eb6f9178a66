"""The HTTP service: one document a request, cleaned in processes that may die or be late without harm to others."""
