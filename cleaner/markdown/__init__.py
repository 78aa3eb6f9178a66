"""Markdown as the lines it shows: what its marks say becomes roles and facts, and every mark that goes is an edit."""
