"""What an institution calls a state, a static finding or what it decided, in one language."""

from excomm.entries.kinds import CaseHeader

LANGUAGE = "en"  # of what is printed where none is asked for


def own_words(header: CaseHeader | None, lang: str = LANGUAGE) -> dict[str, str]:
    """Its words in a language; those of no language where it has none of that one.

    >>> from datetime import date
    >>> from excomm.entries.header import OwnWords
    >>> words = (OwnWords("due", "exigible", lang="fr"), OwnWords("due", "now owed"))
    >>> header = CaseHeader(title="t", zone="UTC", opens=date(2030, 1, 1), words=words)
    >>> own_words(header), own_words(header, "fr")
    ({'due': 'now owed'}, {'due': 'exigible'})
    """
    words = header.words if header is not None else ()
    return {own.of: own.say for of in ("", lang) for own in words if own.lang == of}
