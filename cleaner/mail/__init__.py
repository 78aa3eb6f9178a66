"""Mails as the text they carry: what their headers say becomes facts, and headers and footers go."""
