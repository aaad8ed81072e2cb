"""How people put an answer right, as pieces of regular expressions."""


def _any(*ways: str) -> str:
    joined = "|".join(ways)
    return "(?:" + joined.replace("'", "['’ ]?") + ")"


IS = _any(
    *("it's", "it is", "it was", "that's", "we're", "we are", "i'm", "i am"),
    *("c'est", "c'était", "ce sont", "nous sommes", "on est", "je suis"),
    *("es", "son", "era", "somos", "soy", "estamos en"),
)
_MARK = _any(
    *(
        "no",
        "oops",
        "sorry",
        "wait",
        "hold on",
        "oh",
        "ah",
        "well",
        "actually",
        "in fact",
        "finally",
        "correction",
        "rather",
    ),
    *("better", "more like", "i was wrong", "i made a mistake", "i (?:really )?meant(?: to (?:say|write|type|put))?"),
    *("i mean", "i wanted to say", "i should have said", "it should(?: have)? be(?:en)?"),
    *("non", "oups", "pardon", "désolée?", "excusez-moi", "attendez", "en fait", "en réalité", "finalement", "plutôt"),
    *(
        "je me suis trompée?",
        "je voulais (?:dire|écrire|mettre)",
        "je veux dire",
        "ça devrait être",
        "cela devrait être",
    ),
    *("uy", "perdón", "perdon", "disculpe", "espere", "en realidad", "de hecho", "corrección", "más bien", "mejor"),
    *(
        "me equivoqué",
        "me he equivocado",
        "(?:quise|quería) (?:decir|escribir|poner)",
        "debería ser",
        "tendría que ser",
    ),
)
MARKS = rf"(?:(?:{_MARK}|{IS})(?:[\s,:;.!–—-]+|$))+"
"""Before the answer that was meant: "sorry, I meant"."""
NOT = _any(
    *("and not", "not", "instead of", "rather than"),
    *("et non pas", "et non", "et pas de", "et pas", "non pas", "pas", "plutôt que", "au lieu de"),
    *("y no", "no", "en vez de", "en lugar de"),
)
NOT_FIRST = _any("not", "isn't", "pas", "no es", "no era", "no", "non")
BUT = _any("but(?: rather)?", "mais(?: plutôt)?", "sino", "pero")
SUBJECT = (
    _any(
        *("my", "our", "the", "mon", "ma", "mes", "notre", "nos", "le", "la", "les", "l'"),
        *("mi", "mis", "nuestro", "nuestra", "el", "los", "las"),
    )
    + r"\s*[^\d,:]{2,60}?"
)
THIS = _any("it", "that", "this", "ça", "cela", "lo", "eso")
_ASKING = _any(
    *("please", "can you", "could you", "can i", "could i", "i want to", "i'd like to", "i would like to", "let's"),
    *("pouvez-vous", "je veux", "je voudrais", "j'aimerais", "on peut"),
    *("quiero", "quisiera", "puede", "me gustaría", "por favor"),
)
CHANGE = rf"(?:{_ASKING}[\s,]+)*" + _any(
    *("change", "set", "make", "put", "update", "correct", "edit", "modify", "replace", "switch", "raise", "lower"),
    *("increase", "reduce"),
    *(
        "change[rz]",
        "changez",
        "mets",
        "mettez",
        "mettre",
        "modifie[rz]?",
        "corrige[rz]?",
        "remplace[rz]?",
        "passe[rz]?",
    ),
    *(
        "cambia",
        "cambie",
        "cambiar",
        "pon",
        "ponga",
        "poner",
        "pongamos",
        "corrija",
        "corregir",
        "modifica",
        "modifique",
    ),
    *("modificar", "sustituya", "reemplace", "actualice"),
)
TO = r"(?:to|into|as|by|with|=|à|a|en|par|pour|por|con)"
MAKE = _any(
    *("make", "put", "set", "let's say", "let's make it", "mets", "mettez", "mettre", "mettons", "disons"),
    *("pon", "ponga", "pongamos", "digamos"),
)
SHOULD_BE = _any(
    *("is", "are", "was", "should be", "est", "sont", "était", "devrait être", "es", "son", "era", "debería ser"),
)
REALLY = _any("actually", "really", "spelled", "written", "en fait", "plutôt", "en realidad")
I_SAID = _any(
    *("i said", "i typed", "i wrote", "i put", "j'ai dit", "j'ai écrit", "j'ai mis", "j'ai tapé"),
    *("dije", "puse", "escribí", "he dicho", "he puesto", "he escrito"),
)
BY_MISTAKE = _any("by mistake", "par erreur", "por error")
POLITE = _any(
    *("instead", "please", "thanks", "thank you", "plutôt", "à la place", "s'il (?:vous|te) pla[iî]t", "svp", "merci"),
    *("por favor", "gracias", "mejor", "en su lugar"),
)
