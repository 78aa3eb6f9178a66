"""Words and particles of many languages that show whether a line is whole."""

from cleaner.text.languages import collect_words

JAPANESE_PARTICLES = frozenset("のはがをにでとも、，")
"""Signs of Japanese that end a line which goes on, mostly particles."""

JAPANESE_POSTPOSITIONS = frozenset("もがをはにでとのへや")
"""Particles of Japanese that belong to the noun before them, and start no line."""

KOREAN_PARTICLES = ("은", "는", "이", "가", "을", "를", "의", "에", "로", "와", "과", "도", "으로", "에서")
"""Particles of Korean that belong to the noun before them."""

ONE_LETTER_WORDS = frozenset("AIOEYÀÉВИОУКСЯАÓ")
"""Capitals that are words: any other one before a word is its first letter, set apart."""

ARTICLE_WORDS = frozenset(
    "the der das dem des einen einem einer eines le les une du el los het een och und and et".split()
)
"""Linking words that end no title."""

ITEM_ARTICLES = frozenset(
    "a an the un une le la les l' el los las una il lo gli ein eine einen een o os as um uma en ett et".split()
)
"""Articles with which an item of a list begins: a spoon of mustard."""

SMALL_ABBREVIATIONS = frozenset(
    "bzw. ca. vgl. vs. etc. resp. inkl. bl. kl. tel. nr. no. str. ul. im. tzv. tzn. np. ok. св. ул. им. г.".split()
)
"""Short words in small letters that are written with a full stop inside sentences."""

ELISION_WORDS = collect_words(lambda own: own.line_ends.elisions)
"""Articles and the like that have lost their vowel before an apostrophe: l’, qu’, dell’."""

FUNCTION_WORDS = collect_words(lambda own: own.line_ends.function_words)
"""Words that hardly ever end a line that is whole: articles, prepositions and conjunctions of many languages."""

PARTICLE_WORDS = collect_words(lambda own: own.line_ends.particle_words)
"""Words that end whole lines now and then, being particles of verbs or verbs as well."""

LINKING_WORDS = FUNCTION_WORDS | PARTICLE_WORDS
"""Words that show, at the end of a line, that it probably goes on."""
