"""What parts of a title are set apart by: the site's name, a section, a label."""

import re

TITLE_SEPARATOR = re.compile(r"\s+[-–—|·•:»«›~/]+\s+|\s*[|｜]\s*|(?<=\w):\s+")
"""Signs between blanks, a bar, or a colon behind a word: between them stand the parts of a page's title."""
