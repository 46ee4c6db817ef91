"""Whether what somebody said is still said by the same person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from agent.answer import Check
from agent.checks.claim import Claim
from agent.checks.clauses import closest, fold_quotes, read_sentences
from agent.checks.cues import reports
from agent.checks.name_matching import is_same_in_other_script, is_same_spelling, is_same_word
from agent.checks.names import Name, find_names
from agent.checks.words import find_words, fold

NAME = "attribution"

_REACH = 6
"""Words between a reporting verb and the name of who speaks."""
_LEAST_SHARED = 0.4
_SENTENCE = regex.compile(r"[^.!?。！？؟\n]+(?:[.!?。！？؟](?=\S)[^.!?。！？؟\n]+)*[.!?。！？؟]?")
_QUOTED = regex.compile(r"[“„«「][^”“»」]*[”“»」]|\"[^\"]*\"|(?<!\w)['‘][^'’]{8,}['’](?!\w)")


@dataclass(frozen=True, slots=True)
class Speaker:
    """The words of one name, beside a verb that says its bearer said something."""

    words: tuple[str, ...]


def check_attribution(claim: Claim) -> Check | None:
    """None unless both sides name who speaks.

    The statement's speaker must be one of the evidence's in the sentences it is closest to. In different languages
    only names that can be compared by their letters count.
    """
    language = claim.language.partition("-")[0]
    speakers = list(find_speakers(claim.text, language))
    if not speakers:
        return None
    known = [
        (speaker, cited.language.partition("-")[0])
        for cited in claim.cited
        for speaker in _relevant(claim, cited.text, cited.language)
    ]
    if not known:
        return None
    for speaker in speakers:
        if any(_is_same(speaker, other, {language, tongue}) for other, tongue in known):
            continue
        if any(tongue != language and not _is_comparable(speaker, other) for other, tongue in known):
            return None
        said = " and ".join(dict.fromkeys(" ".join(other.words) for other, _ in known))
        return Check(
            name=NAME,
            passed=False,
            detail=f"“{' '.join(speaker.words)}” does not say this in what is cited; {said} does",
        )
    return Check(name=NAME, passed=True)


def _relevant(claim: Claim, text: str, language: str) -> Iterator[Speaker]:
    """Speakers of the sentences that the statement repeats; of all of them in another language."""
    base = language.partition("-")[0]
    if base != claim.language.partition("-")[0]:
        yield from find_speakers(text, base)
        return
    wanted = {
        other.text
        for sentence in read_sentences(claim.text, base)
        for other in closest(sentence, read_sentences(text, base), _LEAST_SHARED)
    }
    for match in _SENTENCE.finditer(text):
        if fold_quotes(match.group()) in wanted:
            yield from find_speakers(match.group(), base)


def find_speakers(text: str, language: str) -> Iterator[Speaker]:
    """Names that stand nearest to a reporting verb outside quotations. `language` is without region."""
    pattern = reports(language)
    if pattern is None:
        return
    outside = _QUOTED.sub(lambda match: " " * len(match.group()), text)
    names = [name for name in find_names(outside, language)]
    words = find_words(outside)
    groups = list(_group(names, outside))
    for word in words:
        if not pattern.fullmatch(fold(word.text)) or not groups:
            continue
        gaps = [(_words_between(outside, word.start, word.end, group), at) for at, group in enumerate(groups)]
        distance, at = min(gaps)
        if distance <= _REACH:
            yield Speaker(tuple(name.text for name in groups[at]))


def _group(names: Sequence[Name], text: str) -> Iterator[tuple[Name, ...]]:
    run: list[Name] = []
    for name in names:
        if run and text[run[-1].end : name.start] not in (" ", "-", "\u00a0"):
            yield tuple(run)
            run = []
        run.append(name)
    if run:
        yield tuple(run)


def _words_between(text: str, start: int, end: int, group: Sequence[Name]) -> int:
    """Words between a verb and a name; a clause boundary counts as three, as does standing after the verb."""
    between = text[group[-1].end : start] if group[-1].end <= start else text[end : group[0].start]
    return len(find_words(between)) + 3 * len(regex.findall(r"[,;:]", between))


def _is_same(one: Speaker, other: Speaker, languages: set[str]) -> bool:
    """Whether the surnames agree, or all words of the shorter name stand in the longer."""
    shorter, longer = sorted((one.words, other.words), key=len)
    if _is_same_name(one.words[-1], other.words[-1], languages):
        return True
    return all(any(_is_same_name(a, b, languages) for b in longer) for a in shorter)


def _is_same_name(one: str, other: str, languages: set[str]) -> bool:
    return is_same_word(fold(one), fold(other), languages) or (
        len(languages) > 1 and (is_same_spelling(one, other) or is_same_in_other_script(one, other))
    )


def _is_comparable(one: Speaker, other: Speaker) -> bool:
    return one.words[0][:1].isascii() and other.words[0][:1].isascii()
