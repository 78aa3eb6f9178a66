"""Why each rule exists, in its own words."""

from cleaner.explain import reasons
from cleaner.pipeline import default_stages
from cleaner.rules import RuleSet, load


def shipped_reasons() -> dict[str, str]:
    """The reasons of the rules that come with cleaner."""
    return reasons_of(load(prove=False))


def reasons_of(rules: RuleSet) -> dict[str, str]:
    """The reasons of these rules, and of those that are built in."""
    return reasons(default_stages(rules), rules)
