"""Rules as data: TOML packs in, proven rules out.

What a rule is stands in `model`, what its patterns may say in `patterns`; `files` and `packs` read rule files,
`validate` and `proof` say what is wrong with them, `loading` puts them together, and `match` asks them about lines.
`signs` are the rules that look for translation inside paragraphs; they are read and proven in the same way.
"""

from cleaner.rules.loading import load
from cleaner.rules.match import RuleSet
from cleaner.rules.model import Rule

__all__ = ["Rule", "RuleSet", "load"]
