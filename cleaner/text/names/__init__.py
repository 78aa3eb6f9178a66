"""Names in bylines: who made an article, and in which part.

This package is the one address of what other packages use. `split_names` takes the raw text of a byline ("By Jane Doe
and John Roe in Oslo") and gives persons; `find_agencies` the agencies in the same text; `is_bare_name` judges a line
that holds nothing else. The modules below it are its rooms: `words` (the words of all languages, as tables),
`agencies`, `persons` (one piece, one person), `bylines` and `bare`.

Agencies come from the caller, as a mapping of case-folded forms to short names ("agence france-presse" -> "AFP");
without it only the persons' side of the work is done.
"""

from cleaner.text.languages.model import Role
from cleaner.text.names.agencies import find_agencies
from cleaner.text.names.bare import is_bare_name
from cleaner.text.names.bare_bylines import parse_bare_byline
from cleaner.text.names.bylines import (
    find_closing_byline,
    find_signature,
    is_open_credit,
    split_end_brackets,
    split_names,
)
from cleaner.text.names.person import Person
from cleaner.text.names.persons import normalize_case

__all__ = [
    "Person",
    "Role",
    "find_agencies",
    "find_closing_byline",
    "find_signature",
    "is_bare_name",
    "is_open_credit",
    "normalize_case",
    "parse_bare_byline",
    "split_end_brackets",
    "split_names",
]
