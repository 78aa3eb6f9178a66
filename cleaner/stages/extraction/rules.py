"""The rules of the stage `extraction`, and the rules that the model may not overrule."""

RULES = {
    "extraction.headline": "The line that shows the headline.",
    "extraction.kicker": "The label above the headline.",
    "extraction.pull-quote": "A quote that repeats what a paragraph says.",
    "extraction.outside": "A line outside the element that holds the article.",
    "extraction.element": "A line in an element that holds no text of an article: a menu, a figure, a form.",
    "extraction.named": "A line in an element whose class or id says what it is: related, share, newsletter.",
    "extraction.picture": "A short line alone beside a picture: its caption.",
    "extraction.linked": "A line that is a link: to another article, a topic, an author.",
    "extraction.head": "A short line before the text: a label, a counter, a byline.",
    "extraction.unlike": "A line that stands in the article's element but not among its like.",
    "extraction.model": "A line that the model takes for what stands around the article.",
    "extraction.tail": "A heading with nothing of the article below it.",
    "extraction.role": "What a line is by its element: a heading, a list item, a cell of a table, a quote.",
    "extraction.flag": "A page that is no article, a list, or the teaser of an article behind a paywall.",
    "extraction.standfirst": "The line between headline and text that is long enough for a summary.",
    "extraction.short": "Far less would stay than trafilatura takes: that stays, too, and the page is doubtful.",
    "extraction.nothing": "Nothing would stay of a page with a long text: that stays, and the page is doubtful.",
}
"""Every rule with its reason.  A rule's place in this table is a feature of the trained page model (column `rule` of
`columns.py`): append at the end and train again, never reorder."""

FIRM_RULES = frozenset({"extraction.named", "extraction.pull-quote"})
"""Rules that drop a line whatever the model says of it."""

RULE_NUMBERS = {"": -1, **{rule: number for number, rule in enumerate(RULES)}}
"""The number of each rule for the model; -1 for a line that no rule labelled."""

Guess = tuple[str, str]
"""A rule of `RULES` and a role of `cleaner.document.ROLES` for a line; both are empty for a paragraph."""
