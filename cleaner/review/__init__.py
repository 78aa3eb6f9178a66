"""The page on which people see what was dropped, and decide."""
