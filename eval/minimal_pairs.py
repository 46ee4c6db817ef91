"""How well the checks tell a true statement from one with a single thing changed.

`python -m eval.minimal_pairs --data FOLDER`. Pairs are made by rule from the translated news of NTREX, the
same every time. What counts as a name, a negation or a speaker is decided here without the checks' own word
lists: a name is a capitalised word that at least three translations of its sentence share. Beside the checks
stand two matchers other projects ship, rewritten from their description: kotaemon's on blocks of equal
letters, LangChain's on up to n errors.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import regex
import typer
from babel.core import Locale
from pydantic import BaseModel, ConfigDict

from agent.checks import Cited, Claim, NameMatcher, TokenNameMatcher, check_claim
from agent.places import DATA_VARIABLE, find_places
from eval.datasets import NewsDocument, read_news
from eval.metrics import bootstrap
from vectorstore import Centering, E5Embedder, Side, to_bcp47

LANGUAGES = ("eng", "nld", "deu", "fra", "spa", "ita")
"""All edits are made in these; in `MORE` only those that need no grammar."""
MORE = ("pol", "tur", "arb", "zho-CN")
AROUND = 3
"""Sentences on either side that make up a sentence's passage."""
SECONDS = 1.0
"""What LangChain's rule may take for one pair before it counts as not having found the quote."""
ERRORS = 100
"""Where LangChain's rule stops counting up."""

_TOKEN = regex.compile(r"\p{L}[\p{L}\p{M}]*")
_FIGURE = regex.compile(r"(?<![\p{L}\d])\d+(?:[.,]\d+)*(?![\p{L}\d])")
_YEAR = regex.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_COUNTS = {
    "eng": "two three four five six seven eight nine ten",
    "nld": "twee drie vier vijf zes zeven acht negen tien",
    "deu": "zwei drei vier fünf sechs sieben acht neun zehn",
    "fra": "deux trois quatre cinq six sept huit neuf dix",
    "spa": "dos tres cuatro cinco seis siete ocho nueve diez",
    "ita": "due tre quattro cinque sei sette otto nove dieci",
}
_SAYS = {
    "eng": "said|says|told|added|wrote|warned|claimed|argued|tweeted",
    "nld": "zei|zegt|vertelde|schreef",
    "deu": "sagte|sagt|erklärte|schrieb",
    "fra": "dit|déclare|affirme|ajoute|expliqua|explique|déclara",
    "spa": "dijo|dice|afirmó|declaró|añadió",
    "ita": "dice|disse",
}
_DID = "did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|must"
_DROP = {
    "eng": [(rf"\b({_DID}) not\b", r"\1"), (rf"\b({_DID})n['’]t\b", r"\1"), (r"\bnever ", "")],
    "nld": [(r" niet\b", ""), (r"\bgeen\b", "een"), (r" nooit\b", "")],
    "deu": [(r" nicht\b", ""), (r"\bkein(e?[nmrs]?)\b", r"ein\1"), (r" nie\b", "")],
    "fra": [(r"\bne (\p{L}+) pas\b", r"\1"), (r"\bn[’'](\p{L}+) pas\b", r"\1")],
    "spa": [(r"(?<=\p{Ll} )no (?=\p{Ll})", "")],
    "ita": [(r"(?<=\p{Ll} )non (?=\p{Ll})", "")],
}
_ADD = {
    "eng": (r"is|are|was|were|has|have|had|will|would|can|could|should", r"\1 not"),
    "nld": (r"is|was|zijn|waren|wordt|werd|werden|heeft|had|hebben|zal|zou|kan", r"\1 niet"),
    "deu": (r"ist|war|sind|waren|wird|wurde|wurden|hat|hatte|haben|kann", r"\1 nicht"),
    "fra": (r"est|était|sera|peut|sont|fut|serait", r"n’\1 pas"),
    "spa": (r"es|fue|ha|han|había|será|puede|está|son|fueron|era", r"no \1"),
    "ita": (r"è|ha|hanno|sono|era|sarà|può|aveva|erano|stato", r"non \1"),
}


class Edit(StrEnum):
    """What was changed in a statement."""

    NUMBER = "number"
    YEAR = "year"
    DATE = "date"
    NAME = "name"
    SPEAKER = "speaker"
    DROPPED = "negation dropped"
    ADDED = "negation added"


_DATED = frozenset({"numbers", "dates"})
OWN_CHECK = {
    Edit.NUMBER: _DATED,
    Edit.YEAR: _DATED,
    Edit.DATE: _DATED,
    Edit.NAME: frozenset({"names"}),
    Edit.SPEAKER: frozenset({"attribution"}),
    Edit.DROPPED: frozenset({"negation"}),
    Edit.ADDED: frozenset({"negation"}),
}
"""The checks that should find each edit: a number can be the day of a date, and is then checked as one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement and a sentence it is held against; `edit` is None when it is true."""

    statement: str
    language: str
    evidence: str
    passage: str
    evidence_language: str
    doc: str
    edit: Edit | None = None


def make_pairs(documents: Sequence[NewsDocument], seed: int = 0) -> Iterator[Pair]:
    """Every sentence against itself, once for each edit it has room for."""
    random_ = random.Random(seed)  # noqa: S311
    names = [_shared_names(document) for document in documents]
    everyone = sorted({name for shared in names for at in shared for name in at})
    for document, shared in zip(documents, names, strict=True):
        whole = " ".join(sentence for sentences in document.sentences.values() for sentence in sentences)
        absent = [name for name in everyone if name not in whole]
        present = sorted({name for at in shared for name in at})
        for language in (*LANGUAGES, *MORE):
            for at, sentence in enumerate(document.sentences[language]):
                if at == 0:
                    continue  # the headline
                changed = _edits(sentence, language, whole, shared[at], absent, present, random_)
                for edit, statement in changed:
                    yield _pair(document, at, language, language, statement, edit)


def _pair(
    document: NewsDocument, at: int, language: str, other: str, statement: str, edit: Edit | None
) -> Pair:
    sentences = document.sentences[other]
    passage = " ".join(sentences[max(1, at - AROUND) : at + AROUND + 1])
    return Pair(statement, language, sentences[at], passage, other, document.doc_id, edit)


def true_pairs(documents: Sequence[NewsDocument], language: str, other: str) -> Iterator[Pair]:
    """Every sentence against itself, or its translation."""
    for document in documents:
        for at, sentence in enumerate(document.sentences[language]):
            if at:
                yield _pair(document, at, language, other, sentence, None)


def _shared_names(document: NewsDocument) -> list[set[str]]:
    """For each sentence the capitalised words that stand in at least three of its translations but German."""
    found: list[set[str]] = []
    for at in range(len(document.sentences["eng"])):
        seen: dict[str, int] = defaultdict(int)
        for language in ("eng", "nld", "fra", "spa", "ita", "pol"):
            for word in set(_TOKEN.findall(document.sentences[language][at])[1:]):
                if word[0].isupper() and len(word) > 2:
                    seen[word] += 1
        found.append({word for word, count in seen.items() if count >= 3})
    return found


def _edits(
    sentence: str,
    language: str,
    whole: str,
    names: set[str],
    absent: list[str],
    present: list[str],
    random_: random.Random,
) -> Iterator[tuple[Edit, str]]:
    figures = list(_FIGURE.finditer(sentence))
    years = [figure for figure in figures if _YEAR.fullmatch(figure.group())]
    other = [figure for figure in figures if figure not in years]
    if other:
        yield from _replaced(
            Edit.NUMBER, sentence, random_.choice(other), lambda text: _other_figure(text, whole, random_)
        )
    counts = _COUNTS.get(language, "").split()
    words = [word for word in _TOKEN.finditer(sentence) if word.group() in counts]
    if words:
        free = [count for count in counts if not regex.search(rf"\b{count}\b", whole)]
        yield from _replaced(
            Edit.NUMBER, sentence, random_.choice(words), lambda _: random_.choice(free) if free else None
        )
    if years:
        yield from _replaced(
            Edit.YEAR, sentence, random_.choice(years), lambda text: _other_year(text, whole, random_)
        )
    for table in _calendar(language):
        dates = [word for word in _TOKEN.finditer(sentence) if word.group() in table]
        free = [name for name in table if name not in whole]
        if dates and free:
            yield from _replaced(Edit.DATE, sentence, random_.choice(dates), partial(_choose, free, random_))
    if language not in ("arb", "zho-CN"):
        own = [word for word in _TOKEN.finditer(sentence) if word.group() in names and word.start()]
        if own:
            yield from _replaced(Edit.NAME, sentence, random_.choice(own), lambda _: random_.choice(absent))
    if language in LANGUAGES:
        yield from _speakers(sentence, language, names, present, random_)
        dropped = [text for rule in _DROP[language] if (text := _once(rule, sentence)) != sentence]
        if dropped:
            yield Edit.DROPPED, dropped[0]
        else:
            verbs, to = _ADD[language]
            added = _once((rf"\b({verbs})\b", to), sentence)
            if added != sentence:
                yield Edit.ADDED, added


def _once(rule: tuple[str, str], sentence: str) -> str:
    return regex.sub(*rule, sentence, count=1)


def _replaced(
    edit: Edit, sentence: str, place: regex.Match[str], choose: Callable[[str], str | None]
) -> Iterator[tuple[Edit, str]]:
    new = choose(place.group())
    if new is not None:
        yield edit, sentence[: place.start()] + new + sentence[place.end() :]


def _choose(choices: Sequence[str], random_: random.Random, _: str) -> str:
    return random_.choice(choices)


def _other_figure(figure: str, whole: str, random_: random.Random) -> str | None:
    """The same shape with one digit changed, so that it stands nowhere in the document."""
    places = [at for at, char in enumerate(figure) if char.isdecimal()]
    for _ in range(40):
        at = random_.choice(places)
        new = figure[:at] + str(random_.randint(1 if at == 0 else 0, 9)) + figure[at + 1 :]
        if new != figure and not regex.search(rf"(?<!\d){regex.escape(new)}(?!\d)", whole):
            return new
    return None


def _other_year(year: str, whole: str, random_: random.Random) -> str | None:
    choices = [
        str(int(year) + shift) for shift in range(-9, 10) if shift and str(int(year) + shift) not in whole
    ]
    return random_.choice(choices) if choices else None


def _calendar(language: str) -> tuple[list[str], list[str]]:
    """Full names of the days and of the months as CLDR writes them, with the capitals of the language."""
    if language in ("arb", "zho-CN"):
        return [], []
    locale = Locale.parse(to_bcp47(language))
    return list(locale.days["format"]["wide"].values()), list(locale.months["format"]["wide"].values())


def _speakers(
    sentence: str, language: str, names: set[str], present: list[str], random_: random.Random
) -> Iterator[tuple[Edit, str]]:
    """The name beside a verb of saying becomes another of the same document."""
    says = _SAYS[language]
    name = "|".join(sorted(map(regex.escape, names), key=len, reverse=True)) or r"(?!)"
    for pattern in (rf"\b({name}) (?:{says})\b", rf"\b(?:{says}) (?:\p{{Lu}}\p{{L}}+ )?({name})\b"):
        match = regex.search(pattern, sentence)
        others = [other for other in present if other not in sentence]
        if match and others:
            yield Edit.SPEAKER, sentence[: match.start(1)] + random_.choice(others) + sentence[match.end(1) :]
            return


def to_claim(pair: Pair) -> Claim:
    """What the checks are given."""
    cited = Cited(pair.evidence, to_bcp47(pair.evidence_language), pair.passage)
    return Claim(pair.statement, to_bcp47(pair.language), (cited,))


def accepts_like_kotaemon(quote: str, text: str) -> bool:
    """A block of at least 25 % of the quote, and blocks that span at least 35 % of it; all in lower case."""
    quote, text = quote.lower(), text.lower()
    blocks = [
        block
        for block in SequenceMatcher(None, text, quote).get_matching_blocks()
        if block.size >= 0.25 * len(quote)
    ]
    return bool(blocks) and blocks[-1].a + blocks[-1].size - blocks[0].a >= 0.35 * len(quote)


def accepts_like_langchain(quote: str, text: str, seconds: float = SECONDS) -> bool | None:
    """`regex` with `{e<=n}`, n rising until something matches; None when time runs out first."""
    try:
        for errors in range(ERRORS + 1):
            if regex.search(f"({quote}){{e<={errors}}}", text, timeout=seconds):
                return True
    except TimeoutError:
        return None
    except regex.error:
        return False
    return False


def name_matcher() -> TokenNameMatcher:
    """Names by the token states of the bundled embedder, centred by the shipped means."""
    embedder = E5Embedder.bundled(find_places().cache, threads=1)
    centering = Centering.shipped()
    return TokenNameMatcher(
        embedder, lambda states, language: centering.center_tokens(states, language, Side.PASSAGE)
    )


class SummaryEdit(BaseModel):
    """A summary of SummEdits: true to its document (label 1), or with one fact changed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    doc: str
    summary: str
    original_summary: str
    label: int
    edit_types: tuple[str, ...]

    def changed(self) -> list[str]:
        """The sentences that the original summary has not; all of them when it is the original."""
        known = set(_SENTENCE_END.split(self.original_summary))
        sentences = _SENTENCE_END.split(self.summary)
        return [sentence for sentence in sentences if sentence not in known] or sentences


class Judge:
    """The checks and the two rules, each pair judged once."""

    def __init__(self, matcher: NameMatcher) -> None:
        """Take what finds names in other languages."""
        self._matcher = matcher
        self._failed: dict[Pair, frozenset[str]] = {}

    def failed(self, pair: Pair) -> frozenset[str]:
        """Names of the checks that the pair fails."""
        if pair not in self._failed:
            checks = check_claim(to_claim(pair), self._matcher)
            self._failed[pair] = frozenset(check.name for check in checks if not check.passed)
        return self._failed[pair]

    def row(self, name: str, pairs: Sequence[Pair], fuzzy: int) -> str:
        """One line of the table: share of pairs that something is found wrong with, with 95 % intervals.

        LangChain's rule is tried on `fuzzy` of them.
        """
        docs = [pair.doc for pair in pairs]
        own = [
            float(bool(self.failed(pair) & OWN_CHECK[pair.edit] if pair.edit else self.failed(pair)))
            for pair in pairs
        ]
        columns = [own, [float(bool(self.failed(pair))) for pair in pairs]]
        columns.append([float(not accepts_like_kotaemon(pair.statement, pair.evidence)) for pair in pairs])
        cells = [str(bootstrap(values, docs)) for values in columns]
        few = pairs[:: max(1, len(pairs) // fuzzy)] if fuzzy else []
        refused = [float(not accepts_like_langchain(pair.statement, pair.evidence)) for pair in few]
        cells.append(str(bootstrap(refused, [pair.doc for pair in few])) if few else "–")
        return f"| {name} | {len(pairs)} | {' | '.join(cells)} |"


HEAD = (
    "| pairs | n | by its check | by any check | kotaemon's rule | LangChain's rule |\n"
    "|---|---|---|---|---|---|"
)
ABROAD = (
    *(("eng", other) for other in (*LANGUAGES[1:], *MORE)),
    *((other, "eng") for other in (*LANGUAGES[1:], *MORE)),
)
_SENTENCE_END = regex.compile(r"(?<=[.!?][\"”’]?)\s+(?=[\p{Lu}“\"])")


def report(folder: Path, each: int, fuzzy: int) -> Iterator[str]:
    """The tables, line by line: at most `each` pairs an edit and language, `fuzzy` a row for LangChain."""
    documents = read_news(folder)
    judge = Judge(name_matcher())
    groups: dict[tuple[Edit, str], list[Pair]] = defaultdict(list)
    for pair in make_pairs(documents):
        if pair.edit:
            groups[pair.edit, pair.language].append(pair)
    pairs = {key: spread(group, each) for key, group in groups.items()}
    yield (
        "Detected, statement and evidence in one language (its own sentence, the passage as context)\n\n"
        + HEAD
    )
    for edit in Edit:
        yield judge.row(
            edit.value, [pair for key, group in pairs.items() if key[0] is edit for pair in group], fuzzy
        )
        for (found, language), group in pairs.items():
            if found is edit:
                yield judge.row(f"· {to_bcp47(language)}", group, 0)
    yield "\nDetected, evidence in another language\n\n" + HEAD
    abroad = list(_translated([pair for group in pairs.values() for pair in group], documents))
    for edit in Edit:
        yield judge.row(edit.value, [pair for pair in abroad if pair.edit is edit], 0)
    yield "\nFalse alarms on true pairs\n\n" + HEAD
    for name, true in _true_sets(documents, each):
        yield judge.row(name, true, fuzzy)
        docs = [pair.doc for pair in true]
        for check in ("numbers", "dates", "names", "negation", "modality", "attribution"):
            failed = bootstrap([float(check in judge.failed(pair)) for pair in true], docs)
            yield f"| · {check} | | {failed} | | | |"
    yield "\nSummEdits news: the changed sentences of a summary against the whole article\n\n" + HEAD
    yield from _summary_edits(folder, judge)


def spread(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """At most `most` of them, evenly spread."""
    return list(pairs[:: max(1, -(-len(pairs) // most))])


def _translated(pairs: Sequence[Pair], documents: Sequence[NewsDocument]) -> Iterator[Pair]:
    """The changed statements against the translations of their sentence."""
    by_id = {document.doc_id: document for document in documents}
    for pair in pairs:
        for language, other in ABROAD:
            if pair.language == language:
                document = by_id[pair.doc]
                at = document.sentences[language].index(pair.evidence)
                if (len(pair.statement) + at + len(other)) % 3 == 0:  # a third, the same every time
                    yield _pair(document, at, language, other, pair.statement, pair.edit)


def _true_sets(documents: Sequence[NewsDocument], each: int) -> Iterator[tuple[str, list[Pair]]]:
    everyone = (*LANGUAGES, *MORE)
    own = [
        pair
        for language in everyone
        for pair in spread(list(true_pairs(documents, language, language)), each)
    ]
    yield "itself", own
    yield "its passage", [Pair(p.statement, p.language, p.passage, p.passage, p.language, p.doc) for p in own]
    abroad = [pair for one, other in ABROAD for pair in spread(list(true_pairs(documents, one, other)), each)]
    yield "its translation", abroad
    yield (
        "its translation, nothing converted",
        [pair for pair in abroad if not _is_converted(pair, documents)],
    )


_IMPERIAL = regex.compile(
    r"\b(?:miles?|mph|inch(?:es)?|foot|feet|yards?|degrees?|degree|pounds?|acres?|80s)\b"
)


def _is_converted(pair: Pair, documents: Sequence[NewsDocument]) -> bool:
    """Whether the sentence measures in units that translators recalculate: 85 mph is 136 km/h to most."""
    document = next(document for document in documents if document.doc_id == pair.doc)
    at = document.sentences[pair.language].index(pair.statement)
    return _IMPERIAL.search(document.sentences["eng"][at]) is not None


def _summary_edits(folder: Path, judge: Judge) -> Iterator[str]:
    lines = (folder / "summedits_news.jsonl").read_text("utf-8").splitlines()
    groups: dict[str, list[list[Pair]]] = defaultdict(list)
    for edit in (SummaryEdit.model_validate_json(line) for line in lines if line.strip()):
        pairs = [Pair(text, "eng", edit.doc, edit.doc, "eng", edit.doc[:40]) for text in edit.changed()]
        for name in ("consistent (false alarms)",) if edit.label else ("every edit", *edit.edit_types):
            groups[name].append(pairs)
    for name, members in sorted(groups.items()):
        docs = [pairs[0].doc for pairs in members]
        found = [float(any(judge.failed(pair) for pair in pairs)) for pairs in members]
        block = [
            float(any(not accepts_like_kotaemon(pair.statement, pair.evidence) for pair in pairs))
            for pairs in members
        ]
        yield f"| {name} | {len(docs)} | | {bootstrap(found, docs)} | {bootstrap(block, docs)} | – |"


def main(
    data: Annotated[
        Path,
        typer.Option(
            "--data", envvar=DATA_VARIABLE, help="Folder of the evaluation data; README says where to get it."
        ),
    ],
    each: Annotated[int, typer.Option("--each", min=1, help="Most pairs an edit and language.")] = 60,
    fuzzy: Annotated[
        int, typer.Option("--fuzzy", min=0, help="Pairs a row on which LangChain's rule is tried.")
    ] = 40,
) -> None:
    """Print the tables."""
    for line in report(data, each, fuzzy):
        typer.echo(line)


if __name__ == "__main__":
    typer.run(main)
