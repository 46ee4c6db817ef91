"""`pullquote eval new`: a suite of drafts on the articles of a library."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eval.cases.articles import FOLDER, GoldCandidate, SuiteArticles, list_candidates
from eval.cases.files import CaseFile
from eval.runs.files import write_whole
from eval.suites.cases import ONLY, Case
from eval.suites.hashing import rank
from eval.suites.reading import SUITE_FILE, read_suite
from vectorstore import Article, Library, PullquoteError, SetupError, SourceError, plural

_CASES = "cases.jsonl"
_SUITE = """\
format: 1
name: {name}
title: Questions on articles of our own
libraries:
  - articles: [{folder}]
cases: [{cases}]
gate: [passed, evidence_recall]
floors: {{citation_validity: 1.0}}
"""
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


Drafter = Callable[[Article, list[GoldCandidate]], Case | str]
"""Returns a draft of an article, or why there is none."""


@dataclass(frozen=True, slots=True)
class DraftTarget:
    """Where drafts of a suite go."""

    file: CaseFile
    articles: SuiteArticles
    library: str | None
    """Which of the suite's libraries is asked, where it has several."""


def open_suite(folder: Path) -> DraftTarget:
    """Return the suite in a folder, made when it is not there.

    Raises SourceError if there is one that does not read what is put into its folder `articles`. Raises
    SetupError if the folder cannot be written to.
    """
    path = folder / SUITE_FILE
    if not path.is_file():
        name = _NOT_IN_A_NAME.sub("-", folder.resolve().name).strip("-._") or "suite"
        write_whole(path, _SUITE.format(name=name, folder=FOLDER, cases=_CASES))
    suite = read_suite(folder)
    reading = [source.name for source in suite.libraries if {FOLDER, f"{FOLDER}/"} & {*source.articles}]
    if not reading or not suite.cases:
        raise SourceError(
            f"{path} has no cases to add to, or no library that reads the folder {FOLDER}; add "
            f"`cases: [{_CASES}]` and `articles: [{FOLDER}]`"
        )
    several = len(suite.libraries) > 1 or reading[0] != ONLY
    return DraftTarget(
        CaseFile(folder / suite.cases[0]), SuiteArticles(folder), reading[0] if several else None
    )


def draft_cases(
    folder: Path, library: Library, drafter: Drafter, count: int, seed: int, say: Callable[[str], None]
) -> tuple[Path, int]:
    """Add drafts on `count` articles, drawn by `seed`, to the suite in `folder`, each as it is made.

    Articles that were drafted before are passed over. More articles hold those that fewer would. `say` shows
    why an article has no draft.

    Returns:
        The file of cases, and how many were added to it.

    Raises:
        PullquoteError: the library holds no article.
        SourceError: there is a suite that does not read what would be added.
        SetupError: the model cannot be reached, or the disk is full; the drafts made are stored.
    """
    headers = [header for header in library.articles.headers() if header.superseded_by is None]
    if not headers:
        raise PullquoteError("The library holds no article to ask about. Next: pullquote add FOLDER")
    place = open_suite(folder)
    drawn = sorted(headers, key=lambda header: rank(header.id, seed))[:count]
    there, added = set(place.articles.ids()), 0
    for header in drawn:
        # Drawn all the same, so that the next run draws no others in its place.
        if header.id in there:
            continue
        article = library.articles.get(header.id)
        try:
            made = drafter(article, list_candidates(library, article))
        except SetupError as error:
            raise SetupError(
                f"The model failed after {plural(added, 'draft')}, stored in {place.file.path}: {error}.\n"
                "Run the same command again to continue."
            ) from error
        if isinstance(made, str):
            say(f"{article.id}: no draft, {made}")
            continue
        # Before the case, whose gold is in it.
        place.articles.put(article)
        place.file.add(made.model_copy(update={"library": place.library}))
        added += 1
    return place.file.path, added
