"""What parts of a title are set apart by: the site's name, a section, a label."""

import re

from cleaner.text.scripts import SET_SOLID

TITLE_SEPARATOR = re.compile(
    r"\s+[-–—|·•:»«›~/_]+\s+|\s*[|｜]\s*|(?<=\w):\s+|"
    rf"(?<=[{SET_SOLID}])_+(?=\w)|(?<=\w)_+(?=[{SET_SOLID}])|(?<=[{SET_SOLID}])-{{1,2}}(?=[{SET_SOLID}])|"
    rf"(?<=[」』）】》]):(?=\w)"
)
"""Signs between blanks, a bar, or a colon behind a word: between them stand the parts of a page's title.

Chinese and Japanese, which do without blanks, have an underscore or a hyphen there, or a colon behind a bracket.
"""
