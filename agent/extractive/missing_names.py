"""Quotes that are near a question and not about it: what the question names is named nowhere in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.answer.answer import Answer, Verdict
from agent.answer.citations import LoadArticle
from agent.checks import Claim, NameMatcher, describe_cited, find_missing_names
from vectorstore import Library, Passage, fold


def note_missing_names(
    answer: Answer,
    library: Library,
    load: LoadArticle,
    load_passages: Callable[[str], Sequence[Passage]],
    *,
    asked: str | None = None,
    read: Sequence[str] = (),
) -> Answer:
    """Return the answer, as `partial` with a note where a name of the question is not in its quotes.

    The passages around the quotes, titles and outlets count as well. Of 158 English questions of XQuAD-R
    on articles in English, German and Chinese, each language by itself, 2, 2 and 3 % of those that the
    articles answer get the note, two in three for a name misspelt; of those on the articles' topics that
    are quoted for although they have no answer, 30, 10 and 20 %.

    Of a session's question only the names count that were `asked`: those carried over from a question before
    help to find, and an answer need not repeat them. What was `read` of it, folded, is in no article.
    """
    if answer.verdict is not Verdict.ANSWERED:
        return answer
    cited = []
    for citation in answer.citations():
        span = citation.span
        cited.append(describe_cited(load(citation.article), span, load_passages(citation.article)))
    claim = Claim(asked or answer.question, answer.language, tuple(cited))
    missing = [
        name
        for name in find_missing_names(claim, NameMatcher(library.embedder, library.center_tokens))
        if not any(fold(name) in words for words in read)
    ]
    if not missing:
        return answer
    names = " and ".join(f"“{name}”" for name in dict.fromkeys(missing))
    note = f"{names}: not named in these quotes or around them, which may be about something else."
    return answer.model_copy(update={"verdict": Verdict.PARTIAL, "notes": (*answer.notes, note)})
