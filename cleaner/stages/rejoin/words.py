"""Words and particles of many languages that show whether a line is whole."""

JAPANESE_PARTICLES = frozenset("のはがをにでとも、，")
"""Signs of Japanese that end a line which goes on, mostly particles."""

JAPANESE_POSTPOSITIONS = frozenset("もがをはにでとのへや")
"""Particles of Japanese that belong to the noun before them, and start no line."""

KOREAN_PARTICLES = ("은", "는", "이", "가", "을", "를", "의", "에", "로", "와", "과", "도", "으로", "에서")
"""Particles of Korean that belong to the noun before them."""

ONE_LETTER_WORDS = frozenset("AIOEYÀÉВИОУКСЯАÓ")
"""Capitals that are words: any other one before a word is its first letter, set apart."""

ELISION_WORDS = frozenset("l d qu n s j m t c dell nell all sull dall un quell jusqu lorsqu puisqu".split())
"""Articles and the like that have lost their vowel before an apostrophe: l’, qu’, dell’."""

FUNCTION_WORDS = frozenset(
    "a an the of to at for from with as that than and or but nor if into onto upon between against via is are was "
    "were has had his her its their our my your these those which who whose when while where because although during "
    "der die das den dem des eine einen einem einer eines und oder aber dass weil wenn als wie von vom zum zur im am "
    "für ins beim seit zwischen gegen seine seinen seinem seiner ihre ihren ihrem ihrer diese dieser dieses diesem "
    "diesen sowie sondern kein keine "
    "le la les une du de et ou mais que qui dont où par pour dans sur avec sans sous chez entre selon aux au ce cet "
    "cette ces sa ses leur leurs est sont était comme "
    "el los las unos unas del al y o u pero con sin por para desde hasta según sobre su sus se es son "
    "il lo gli i di da dal dalla dai dagli dalle nel nella nei negli nelle sul sulla sui sulle per tra fra e ed che "
    "cui ma sua della dello dei degli delle alla allo ai agli alle è "
    "os as um uma do dos das na nas ao aos à às em com sem pelo pela pelos pelas mas seu "
    "het een en van voor naar bij tot maar dat deze "
    "och att det ett för från eller men og fra hos mellan "
    "ja tai sekä että mutta kun jos "
    "w z od przez przed nad dla ze we że który która które oraz lub albo ale jest są "
    "v s k ve pro při že který která které nebo jako je jsou "
    "și în cu din pe pentru prin sau care este sunt un "
    "és hogy az egy vagy "
    "ile için bir "
    "в во на с со к ко о об от до из за по при для без через между и а но или что как который которая которые "
    "й та у з із зі від про що як який яка які або але "
    "και το τα τη την της του των τον στο στη στην στον στα σε με για από που ότι η ο οι "
    "và của cho với trong là các những một".split()
)
"""Words that hardly ever end a line that is whole: articles, prepositions and conjunctions of many languages."""

PARTICLE_WORDS = frozenset(
    "in on by about over under through up out off auf an ein durch um ab aus vor bei mit nach zu über unter bis ist "
    "sind war hat wird wurde no på av til med om i är var har is ved efter na po za do".split()
)
"""Words that end whole lines now and then, being particles of verbs or verbs as well."""

LINKING_WORDS = FUNCTION_WORDS | PARTICLE_WORDS
"""Words that show, at the end of a line, that it probably goes on."""
