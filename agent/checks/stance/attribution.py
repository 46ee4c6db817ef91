"""Whether what somebody said is still said by the same person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import regex

from agent.answer.answer import Check
from agent.checks.claim import Claim
from agent.checks.names.finding import Name, find_names
from agent.checks.names.matching import is_same_by_sound, is_same_word
from agent.checks.stance.clauses import SENTENCE, closest, cue_pattern, fold_quotes, read_sentences
from agent.checks.words.folding import Word, find_words, fold, group_adjacent
from agent.checks.words.lexicons import load_lexicon, word_set
from vectorstore import primary_language

NAME = "attribution"

_REACH = 6
"""Words between a reporting verb and the name of who speaks."""
_AFTER = {"en": 2}
"""The same for a name after the verb, where what is said may follow at once: "he said the war in Europe"."""
_LEAST_SHARED = 0.4
_QUOTED = regex.compile(r"[“„«「][^”“»」]*(?:[”“»」]|$)|\"[^\"]*(?:\"|$)|(?<!\w)['‘][^'’]{8,}['’](?!\w)")

Speaker: TypeAlias = tuple[str, ...]
"""The words of one name, beside a verb that says its bearer said something."""


def check_attribution(claim: Claim) -> Check | None:
    """Return whether the same person says it; None unless both sides name who speaks.

    The statement's speaker must be one of those of the evidence sentences it is closest to.
    """
    language = primary_language(claim.language)
    speakers = list(find_speakers(claim.text, language))
    if not speakers:
        return None
    own = claim.cited_in_its_language()
    # Across languages names and verbs are found less surely.
    if len(own) < len(claim.cited):
        return _check_abroad(claim, speakers, language)
    known: list[Speaker] = []
    for cited in own:
        known += _relevant(claim, cited.text, language)
    if not known:
        return None
    for speaker in speakers:
        if not any(_is_same(speaker, other, {language}) for other in known):
            return _fail(speaker, known)
    return Check(name=NAME, passed=True)


def _fail(stranger: Speaker, known: Sequence[Speaker]) -> Check:
    said = " and ".join(dict.fromkeys(map(" ".join, known)))
    detail = f"“{' '.join(stranger)}” does not say this in what is cited; {said} does"
    return Check(name=NAME, passed=False, detail=detail)


def _check_abroad(claim: Claim, speakers: Sequence[Speaker], language: str) -> Check | None:
    """Fail only when the speaker is not who is cited, but is named in the passage around."""
    known: list[tuple[Speaker, str]] = []
    for source in claim.cited:
        tongue = primary_language(source.language)
        for speaker in find_speakers(source.text, tongue):
            known.append((speaker, tongue))
    if len(speakers) != 1 or len(known) != 1:
        return None
    (speaker,), ((other, tongue),) = speakers, known
    languages = {language, tongue}
    if _is_same(speaker, other, languages):
        return Check(name=NAME, passed=True)
    cited = " ".join(source.text for source in claim.cited)
    passages = " ".join(source.passage for source in claim.cited)
    either_is_known = _is_mentioned(other, claim.text, languages) or _is_mentioned(speaker, cited, languages)
    if either_is_known or not _is_mentioned(speaker, passages, languages):
        return None
    return _fail(speaker, [other])


def _is_mentioned(speaker: Speaker, text: str, languages: set[str]) -> bool:
    words = [word.text for word in find_words(text)]
    return any(_is_among(name, words, languages) for name in speaker)


def _relevant(claim: Claim, text: str, language: str) -> Iterator[Speaker]:
    """Yield the speakers of the sentences that the statement repeats."""
    wanted: set[str] = set()
    for sentence in read_sentences(claim.text, language):
        for other in closest(sentence, read_sentences(text, language), _LEAST_SHARED):
            wanted.add(other.text)
    for match in SENTENCE.finditer(text):
        if fold_quotes(match.group()) in wanted:
            yield from find_speakers(match.group(), language)


def find_speakers(text: str, language: str) -> Iterator[Speaker]:
    """Yield the names nearest to a reporting verb outside quotations. `language` is without region."""
    pattern = cue_pattern("reports", language)
    if pattern is None:
        return
    outside = _QUOTED.sub(lambda match: " " * len(match.group()), text)
    words = find_words(outside)
    groups = group_adjacent(find_names(outside, language), outside, regex.compile("[ \u00a0-]"))
    for word in words:
        if not groups or not pattern.fullmatch(word.folded) or _has_pronoun_beside(word, words, language):
            continue
        to_somebody = word.folded in word_set("verbs_to_somebody")
        gaps: list[tuple[int, int]] = []
        for at, group in enumerate(groups):
            distance = _words_between(outside, word.start, word.end, group)
            may_follow = not to_somebody and distance <= _AFTER.get(language, _REACH)
            if group[-1].end <= word.start or may_follow:
                gaps.append((distance, at))
        distance, at = min(gaps, default=(_REACH + 1, 0))
        if distance <= _REACH:
            yield tuple(name.text for name in groups[at])


def _has_pronoun_beside(verb: Word, words: Sequence[Word], language: str) -> bool:
    """Whether a pronoun says it: "he said", and "zei hij" where the verb may come first."""
    pronouns = load_lexicon("cues")["pronouns"].get(language, ())
    for word in words:
        precedes = word.end + 1 == verb.start
        follows = word.start == verb.end + 1 and language in word_set("languages_verb_first")
        if (precedes or follows) and word.folded in pronouns:
            return True
    return False


def _words_between(text: str, start: int, end: int, group: Sequence[Name]) -> int:
    """Return how many words are between a verb and a name; a clause boundary counts as three."""
    between = text[group[-1].end : start] if group[-1].end <= start else text[end : group[0].start]
    return len(find_words(between)) + 3 * len(regex.findall(r"[,;:]", between))


def _is_same(one: Speaker, other: Speaker, languages: set[str]) -> bool:
    """Whether the surnames agree, or all words of the shorter name are in the longer."""
    shorter, longer = sorted((one, other), key=len)
    if _is_same_name(one[-1], other[-1], languages):
        return True
    return all(_is_among(word, longer, languages) for word in shorter)


def _is_among(name: str, words: Sequence[str], languages: set[str]) -> bool:
    return any(_is_same_name(name, word, languages) for word in words)


def _is_same_name(one: str, other: str, languages: set[str]) -> bool:
    is_inflected = is_same_word(fold(one), fold(other), languages)
    return is_inflected or (len(languages) > 1 and is_same_by_sound(one, other))
