"""The JSON Schema of a rule file, for editors that complete and check TOML."""

from typing import Any

import msgspec

from cleaner.document import ROLES
from cleaner.rules.model import FACT_FIELDS, Rule, RulePack

SCHEMA_DESCRIPTION = (
    "Schema of a rule file of cleaner, made by `cleaner rules schema > rules.schema.json`. Even Better TOML (VS Code), "
    "Taplo and others read it where a rule file begins with the line: #:schema ./rules.schema.json"
)
"""The description of the whole schema: where it comes from, and how an editor finds it."""

FIELD_DESCRIPTIONS = {
    "id": "Names the rule in the ledger and in --select and --ignore.",
    "why": "One sentence: what the lines are, and where they were seen.",
    "role": "What the lines are; one for all patterns, or one for each.",
    "match": "RE2 patterns, one for each consecutive line, anchored with ^ and $ unless sites are named.",
    "examples": "Lines that must match; a sequence is written with \\n between its lines.",
    "keeps": "Lines that must not match.",
    "where": "head: only before the first paragraph; tail: only after the last.",
    "through": "Takes following lines along: prose up to the next paragraph, end to the end of the document.",
    "replace": "Rewrites the part matched instead of dropping the line.",
    "facts": "Which captured group, or which line (0, 1 ...), goes to which field of the record.",
    "languages": "ISO 639-1 codes: only for texts in these languages.",
    "sites": "Host names: only for pages of these sites.",
    "confidence": "0 to 1, written into the ledger.",
    "status": "How far the rule is trusted.",
    "until": "A date after which a run warns of the rule.",
    "company": "true: a whole sentence only in a text in which other lines go, too; prose may open with these words.",
    "action": "keep is an exception: its lines stay, whatever other rules say.",
    "rule": "A rule: which lines, what they are, and its proof.",
    "disable": "Ids of rules to take out.",
    "extends": "The only packs that come before this one; without it, all that are shipped.",
    "agencies": "News agencies: short name = other names.",
    "picture_agencies": "Picture agencies: short name = other names.",
}
"""What each key of a rule and of a rule file says, for editors; a key without a description fails here."""

FILLED_KEYS = ("match", "examples", "keeps")
"""Keys of a rule whose lists have one value at least."""

JsonSchema = dict[str, Any]
"""A part of a JSON Schema: JSON of any shape."""


def build_schema() -> JsonSchema:
    """What a rule file may say, as JSON Schema (draft 2020-12).

    Types and defaults are those of `RulePack` and `Rule`; added is what types do not say: the roles, the fields of
    facts, which lists may not be empty, and the descriptions.  `pack` is no key of a file: loading sets it.
    """
    _, parts = msgspec.json.schema_components([RulePack, Rule])
    pack, rule = parts["RulePack"], parts["Rule"]
    of_rule: JsonSchema = rule["properties"]
    del of_rule["pack"]
    role = {"enum": sorted(ROLES)}
    of_rule["role"] = {"anyOf": [role, {"type": "array", "items": role, "minItems": 1}]}
    for name in FILLED_KEYS:
        of_rule[name]["minItems"] = 1
    fact = {"anyOf": [{"enum": sorted(FACT_FIELDS)}, {"type": "string", "pattern": "^="}]}
    of_rule["facts"]["additionalProperties"] = fact
    of_pack: JsonSchema = pack["properties"]
    of_pack["rule"] = {"type": "array", "items": {"$ref": "#/$defs/Rule"}}
    for table in (of_rule, of_pack):
        for name, part in table.items():
            part["description"] = FIELD_DESCRIPTIONS[name]
    pack.pop("title")
    rule.pop("description", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rule file of cleaner",
        **pack,
        "description": SCHEMA_DESCRIPTION,
        "$defs": {"Rule": rule},
    }
