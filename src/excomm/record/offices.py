"""Offices: people called by what they do, where minutes give no name ("the Harbour Master").

An office is known by the noun at its head, or because somebody so called speaks at the head of a
paragraph. Whether it counts as a speaker in one record is settled for the whole record.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set

from excomm.record.lexicon import CALLED_BY_OFFICE, DEPARTMENTS, OF_OTHERS, TITLES, word_set
from excomm.record.sentences import Words

OFFICE_NOUNS = word_set(
    "Officer Master Harbourmaster Engineer Clerk Inspector Head Leader Lead Adviser Advisor"
    " Secretary Treasurer Representative Delegate Controller Comptroller Superintendent Manager"
    " Member Observer Interpreter Coordinator Co-ordinator Auditor Bursar Archivist Surveyor"
    " Convenor Convener Rapporteur Physician Chaplain Registrar President Vice-President"
    " Spokesman Spokeswoman Spokesperson Attaché Attache Minister Counsellor Counselor Envoy"
    " Analyst Editor Warden Provost Dean Librarian Chief Deputy Expert Specialist Scientist"
    " Planner Technician Principal Monitor Custodian Moderator Facilitator Chairman Chairwoman"
    " Chairperson Chair Vice-Chairman Vice-Chair Co-Chair Co-Chairman Director Commissioner"
    " Commandant Commander Governor Magistrate Prosecutor Ombudsman Agent Attorney Solicitor"
    " Barrister Counsel Steward Foreman Captain Pilot Doctor Nurse Geologist Chemist Physicist"
    " Hydrologist Economist Statistician Administrator Executive Trustee Curator Historian"
    " Examiner Investigator Negotiator Mediator Arbitrator Umpire Referee Marshal Constable"
    " Bailiff Mayor Alderman Councillor Consul Consultant Liaison Translator Photographer"
    " Purser Quartermaster Paymaster Adjutant Sponsor Author Proposer Applicant Respondent"
    " Host Under-Secretary Secretary-General Undersecretary Envoys Staff Watchkeeper Accountant"
    " Assessor Supervisor Recorder Notetaker Note-taker Undersigned Lords Lord Seal"
)
# Nouns that begin like an office in capitals and are none.
_THINGS = word_set(
    "Government Department Embassy Ministry Party Union Press Treaty Agreement Convention Note"
    " Article Report Letter Message Paper Draft Resolution Protocol Charter Conference Assembly"
    " Council Commission Committee Board Group Mission Agency Bureau Office Army Navy Force"
    " Forces Marines House Senate Congress Parliament Court Bank Company Corporation Church"
    " University Institute Times Post Herald Tribune Plan Act Bill Fund Programme Program Project"
    " Annex Appendix Section Chapter Paragraph Part Table Team Secretariat Cabinet Court Post"
    " Alliance League Organization Organisation Federation Republic Kingdom Empire Commonwealth"
    " Kremlin Pentagon Vatican Quarantine Blockade Meeting Document Memorandum Communique Pact"
    " Accord Contract Declaration Statement Summary Estimate Survey Annexe Bridge River Canal"
    " Island Port City Province District Pier Hall Depot Road Site Station Line Sea Bay Cape"
)
_LINKS = frozenset({"of", "for", "the", "and", "to", "on", "in"})
_WORDS_MAX = 9
_HEAD_WORDS = 20
_STOP = word_set(
    "He She It They We I You This That These Those There Then And But If In On At As No Not When"
    " While After Before With For To By From His Her Their Its Our Such Both All Some"
)
_LOWER_NOUNS = frozenset(noun.lower() for noun in OFFICE_NOUNS) - word_set(
    "head lead member staff host agent expert pilot doctor author party chief seal deputy principal"
    " executive monitor captain undersigned"
)
_NOUNS = OFFICE_NOUNS | _LOWER_NOUNS | {noun.upper() for noun in OFFICE_NOUNS}
_ARTICLES = ("The", "the", "THE")


def office_end(keys: tuple[str, ...], at: int) -> int:
    """Where the words of an office that begin at `at`, after any article, end; `at` for none."""
    end = index = at
    noun = linked = False
    while index < len(keys) and index < at + _WORDS_MAX:
        key = keys[index]
        if key[0].isupper() and key not in _STOP and not key.endswith(("'s", "’s", "s'", "s’")):
            if linked and key in OFFICE_NOUNS and keys[index - 1] in ("and", "the"):
                break  # "the Clerk and the Engineer" are two
            noun = noun or key in OFFICE_NOUNS
            end = index + 1
        elif key in _LOWER_NOUNS and not linked:
            noun = True
            end = index + 1
        elif key.isdigit() and len(key) <= 2 and index > at:
            end = index + 1
        elif key in _LINKS and end > at:
            linked = True
        else:
            break
        index += 1
    return end


def office_name(keys: tuple[str, ...], at: int, end: int) -> str:
    """The office as it is called: set in capitals it is written like a title."""
    words = keys[at:end]
    if len(words) == 1 and words[0].islower():
        return words[0].capitalize()
    if all(word.isupper() or not word[0].isupper() for word in words) and any(
        len(word) > 5 for word in words
    ):
        words = tuple(word.title() if word.isupper() and len(word) > 3 else word for word in words)
    return " ".join(words)


def speaking_offices(
    told: Iterable[Iterable[Words]],
    speaks: Callable[[Words, str], bool],
    *,
    people: int,
    attended: Set[str],
) -> dict[str, str]:
    """The offices that count as speakers in this record, each with its full form.

    speaks: whether a sentence is attributed to the office of that name. people: how many sentences
    the record attributes to people by name: where offices outdo them, once is enough. attended:
    the offices in the list of who was there.
    """
    opening: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    nouns: dict[str, bool] = {}
    for paragraph in told:
        for number, sentence in enumerate(paragraph):
            for name, noun in _candidates(sentence):
                if speaks(sentence, name):
                    nouns[name] = noun
                    anywhere[name] += 1
                    opening[name] += number == 0
    style = sum(count for name, count in anywhere.items() if nouns[name]) >= people
    sure = [
        name
        for name, count in anywhere.items()
        if (nouns[name] and (style or opening[name] or not _of_others(name)))
        or (not nouns[name] and opening[name] and (count > 1 or style))
    ]
    sure += [name for name in sorted(attended) if name not in sure]
    return {name: _full(name, sure) for name in sure}


# Who so often is quoted from outside the room that once inside a paragraph does not count.
_OUTSIDE = OF_OTHERS | word_set(
    "Ambassador Consul Governor Envoy Commander Commandant Mayor Delegate delegate Representative"
    " representative Captain Agent Pilot Spokesman spokesman Editor Negotiator Host Doctor Officer"
    " Director Secretary General Member"
)


def _of_others(name: str) -> bool:
    return not _OUTSIDE.isdisjoint(name.split())


def _full(name: str, sure: list[str]) -> str:
    """ "Delegate" is the Swedish delegate, where no other delegate speaks."""
    ending = f" {name.lower()}"
    longer = [other for other in sure if other.lower().endswith(ending)]
    return longer[0] if len(longer) == 1 and " " not in name else name


def _candidates(words: Words) -> Iterator[tuple[str, bool]]:
    """What might be an office at the head of a sentence or after its leading clause."""
    keys = words.keys[:_HEAD_WORDS]
    if keys[0] not in _ARTICLES and _NOUNS.isdisjoint(keys):
        return
    starts = [0, *(i + 1 for i, key in enumerate(keys[:-1]) if key == ",")]
    for start in starts[:3]:
        if start >= len(keys):
            return
        article = keys[start] in _ARTICLES
        at = start + article
        end = office_end(keys, at)
        if end == at:
            continue
        name = office_name(keys, at, end)
        if name in CALLED_BY_OFFICE:
            continue
        noun = not _NOUNS.isdisjoint(keys[at:end])
        if noun and (article or keys[at][0].isupper()):
            if not _is_person(keys[at:end], article=article):
                yield name, True
        elif article and start == 0 and keys[at][0].isupper() and not _thing(keys[at:end]):
            yield name, False


def is_office(keys: tuple[str, ...]) -> bool:
    """Whether the words name an office, not somebody with his title."""
    name = office_name(keys, 0, len(keys))
    return (
        not _NOUNS.isdisjoint(keys)
        and not _is_person(keys, article=False)
        and name not in CALLED_BY_OFFICE
    )


def speaks_here(keys: tuple[str, ...]) -> bool:
    """Whether the words name an office whose holder is hardly ever quoted from outside."""
    return is_office(keys) and _OUTSIDE.isdisjoint(keys)


def _is_person(keys: tuple[str, ...], *, article: bool) -> bool:
    """ "Director Gale", "Engineer Smith": a name after its title, or a title alone."""
    if len(keys) == 1:
        return not article and keys[0] in TITLES
    until = next((i for i, key in enumerate(keys) if key in _LINKS), len(keys))
    plain = until > 1 and keys[until - 1] not in _NOUNS
    return plain and (keys[0] in TITLES or (until == 2 and keys[0] in _NOUNS))


def _thing(keys: tuple[str, ...]) -> bool:
    last = next((i for i, key in enumerate(keys) if key in _LINKS), len(keys)) - 1
    head = keys[last]
    return (
        head in _THINGS
        or head in DEPARTMENTS
        or head.endswith("s")
        or head.endswith(("ish", "ese", "ch", "ian"))
    )
