"""Articles, passages, embedders, the library database, the Chroma index, search: everything behind `Library`.

What is light is imported at once; what brings numpy, SQLAlchemy or Chroma along is imported when it is
first asked for, so that `pullquote --help` stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vectorstore.model.addresses import Endpoint, find_endpoint, hide_password
from vectorstore.model.article import (
    UNDETERMINED,
    Article,
    Mark,
    Passage,
    Precision,
    Provenance,
    Published,
    Role,
    Span,
)
from vectorstore.model.errors import (
    LibraryLockedError,
    PullquoteError,
    SetupError,
    SourceError,
    UnknownArticleError,
)
from vectorstore.model.evidence import Evidence, SearchCost, SearchResult
from vectorstore.model.filters import Filters
from vectorstore.model.settings import (
    EmbedderSettings,
    LibrarySettings,
    ReadSettings,
    SearchSettings,
    SettingsPart,
)
from vectorstore.text.canonical import article_id, canonicalize
from vectorstore.text.paragraphs import trim
from vectorstore.text.plural import plural

if TYPE_CHECKING:
    from vectorstore.embedding import E5Embedder, Embedder, TokenStates
    from vectorstore.index.lock import deferred_interrupts
    from vectorstore.library.adding import Added, AddProgress, AddReport
    from vectorstore.library.health import Finding
    from vectorstore.library.library import EncodedSentence, Library
    from vectorstore.library.reembedding import Reembedding, ReembedPlan, ReembedProgress, ReembedReport
    from vectorstore.readers import Given, discover, read_path
    from vectorstore.search.articles import rank_articles
    from vectorstore.search.scoring import ANSWERABLE_AT
    from vectorstore.search.transform import Centering, Side
    from vectorstore.store import ArticleHeader, Feedback, KeptReceipt, Opinion, Outcome, SessionHeader, Turn
    from vectorstore.text.languages import identify, to_bcp47
    from vectorstore.text.sentences import split_sentences
    from vectorstore.text.terms import split_terms

_LAZY = {
    "ANSWERABLE_AT": "vectorstore.search.scoring",
    "AddProgress": "vectorstore.library.adding",
    "AddReport": "vectorstore.library.adding",
    "Added": "vectorstore.library.adding",
    "ArticleHeader": "vectorstore.store",
    "Centering": "vectorstore.search.transform",
    "E5Embedder": "vectorstore.embedding",
    "Embedder": "vectorstore.embedding",
    "EncodedSentence": "vectorstore.library.library",
    "Feedback": "vectorstore.store",
    "Finding": "vectorstore.library.health",
    "Given": "vectorstore.readers",
    "KeptReceipt": "vectorstore.store",
    "Library": "vectorstore.library.library",
    "Opinion": "vectorstore.store",
    "Outcome": "vectorstore.store",
    "ReembedPlan": "vectorstore.library.reembedding",
    "ReembedProgress": "vectorstore.library.reembedding",
    "ReembedReport": "vectorstore.library.reembedding",
    "Reembedding": "vectorstore.library.reembedding",
    "SessionHeader": "vectorstore.store",
    "Side": "vectorstore.search.transform",
    "TokenStates": "vectorstore.embedding",
    "Turn": "vectorstore.store",
    "deferred_interrupts": "vectorstore.index.lock",
    "discover": "vectorstore.readers",
    "identify": "vectorstore.text.languages",
    "rank_articles": "vectorstore.search.articles",
    "read_path": "vectorstore.readers",
    "split_sentences": "vectorstore.text.sentences",
    "split_terms": "vectorstore.text.terms",
    "to_bcp47": "vectorstore.text.languages",
}

__all__ = [
    "ANSWERABLE_AT",
    "UNDETERMINED",
    "AddProgress",
    "AddReport",
    "Added",
    "Article",
    "ArticleHeader",
    "Centering",
    "E5Embedder",
    "Embedder",
    "EmbedderSettings",
    "EncodedSentence",
    "Endpoint",
    "Evidence",
    "Feedback",
    "Filters",
    "Finding",
    "Given",
    "KeptReceipt",
    "Library",
    "LibraryLockedError",
    "LibrarySettings",
    "Mark",
    "Opinion",
    "Outcome",
    "Passage",
    "Precision",
    "Provenance",
    "Published",
    "PullquoteError",
    "ReadSettings",
    "ReembedPlan",
    "ReembedProgress",
    "ReembedReport",
    "Reembedding",
    "Role",
    "SearchCost",
    "SearchResult",
    "SearchSettings",
    "SessionHeader",
    "SettingsPart",
    "SetupError",
    "Side",
    "SourceError",
    "Span",
    "TokenStates",
    "Turn",
    "UnknownArticleError",
    "article_id",
    "canonicalize",
    "deferred_interrupts",
    "discover",
    "find_endpoint",
    "hide_password",
    "identify",
    "plural",
    "rank_articles",
    "read_path",
    "split_sentences",
    "split_terms",
    "to_bcp47",
    "trim",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
