"""How the sections stand beside each other where the page is wide; their order stays as it is."""

from excomm.brief.structs import Brief, Section

Band = tuple[tuple[Section, ...], ...]  # one column or two, each of some sections

# Left column, then right; what belongs together in one look.
_BESIDE = ((("counted", "looks", "losses"), ("due", "reports", "questions", "options")),)


def bands(brief: Brief) -> tuple[Band, ...]:
    """The sections from top to bottom; a band of two columns where partners are both there."""
    by_key = {part.key: part for part in brief.sections}
    found: list[Band] = []
    placed: set[str] = set()
    for part in brief.sections:
        if part.key in placed:
            continue
        columns = _columns(part.key, by_key)
        found.append(columns or ((part,),))
        placed.update(each.key for column in found[-1] for each in column)
    return tuple(found)


def _columns(key: str, by_key: dict[str, Section]) -> Band:
    for names in _BESIDE:
        if any(key in column for column in names):
            columns = [tuple(by_key[n] for n in column if n in by_key) for column in names]
            return tuple(column for column in columns if column)
    return ()
