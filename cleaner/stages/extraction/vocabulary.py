"""The words of markup: what tags, and the words of classes and ids, say of the lines inside an element."""

HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
"""Tags of headings, the largest first."""

NUMBERED_TAGS = tuple("p h1 h2 h3 h4 h5 h6 li td th div section article blockquote figcaption pre dt dd span a".split())
"""Tags that the model tells apart: the place in this list is a feature, so its order must not change."""

NO_TEXT_TAG_ROLES = {
    "nav": "navigation",
    "footer": "navigation",
    "form": "message",
    "button": "navigation",
    "figcaption": "caption",
    "figure": "caption",
    "aside": "related",
}
"""Elements that hold nothing of an article as a rule, and the role of their lines.  The order is a feature."""

TAG_ROLES = {
    **dict.fromkeys(HEADING_TAGS, "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list-item"),
    **dict.fromkeys(("td", "th"), "table"),
    "blockquote": "quote",
}
"""The role of a line by its own element when it belongs to the article; a paragraph has none."""

KEPT_ROLES = frozenset({"", "standfirst", *TAG_ROLES.values()})
"""Roles of lines that stay in the text; the empty one is a paragraph's."""

CLASS_WORDS_BY_ROLE = {
    role: frozenset(words.split())
    for role, words in {
        "caption": "caption legend bildunterschrift",
        "credit": "credit credits copyright photographer",
        "byline": "byline author authors autor auteur bylines",
        "author-note": "bio biography",
        "timestamp": "timestamp datum date dateline published meta",
        "related": "related recommended recommendation recommendations recirc trending outbrain taboola readmore "
        "verwandt similar relacionados relacionadas",
        "share": "share sharing social sharebar",
        "promotion": "newsletter subscribe subscription promo signup donate donation",
        "consent": "paywall cookie cookies consent login piano",
        "comments": "comment comments commentlist kommentar kommentare comentarios commentaires disqus replies",
        "navigation": "breadcrumb breadcrumbs pagination menu sidebar toc",
        "tags": "tags tag topics keywords",
        "advertisement": "advert advertisement ads sponsored werbung anzeige",
        "copyright": "legal disclaimer",
    }.items()
}
"""Words of classes and ids by the role of the lines in such an element.  The order is a feature of the model, and
decides for an element with words of two roles."""

COMMENT_CLASS_WORDS = CLASS_WORDS_BY_ROLE["comments"]
"""Words of classes and ids of what readers write."""

GENRE_CLASS_WORDS = frozenset({"comment", "kommentar"})
"""Those of them that are a genre, too: a comment of the paper is an article."""

PART_ROLES = frozenset({"related", "share", "comments"})
"""Roles whose words stand in class names of paragraphs as well: `comment-text`, `share-text`, `related-story`."""

FIRM_ROLES = frozenset({"promotion", "related", "comments", "consent", "share", "advertisement", "caption", "credit"})
"""Roles for which a class or id counts more than trafilatura's vote."""

KICKER_CLASS_WORDS = frozenset(
    "kicker topline overline dachzeile eyebrow rubric supertitle roofline spitzmarke".split()
)
"""Words of classes and ids of the label above a headline."""

STANDFIRST_CLASS_WORDS = frozenset(
    "lead lede leadtext standfirst vorspann dek deck subtitle subline subheadline strapline summary intro introduction "
    "excerpt abstract chapo chapeau entradilla bajada sommario ingress manchet".split()
)
"""Words of classes and ids of a standfirst."""

SPOKEN_CLASS_WORDS = (frozenset({"visually", "hidden"}), frozenset({"sr", "only"}), frozenset({"screen", "reader"}))
"""Words of classes, all of one set together, of a line that is said to screen readers alone."""

BODY_CLASS_WORDS = frozenset("article body content text paragraph story entry post main".split())
"""Words of classes and ids of the elements that hold an article's text."""

PAYWALL_CLASS_WORDS = frozenset("paywall paywalled regwall paygate piano".split())
"""Words of classes and ids of the message that ends a teaser."""
