"""Stages: each is one function from a document to the edits and facts it asks for."""
