"""Articles, passages, embedders, the library database, the Chroma index, search: everything behind `Library`.

What is light is imported at once; what brings numpy, SQLAlchemy or Chroma along is imported when it is
first asked for, so that `pullquote --help` stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vectorstore.article import (
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
from vectorstore.canonical import article_id, canonicalize
from vectorstore.endpoints import Endpoint, find_endpoint, hide_password
from vectorstore.errors import (
    LibraryLockedError,
    PullquoteError,
    SetupError,
    SourceError,
    UnknownArticleError,
)
from vectorstore.filters import Filters
from vectorstore.paragraphs import trim
from vectorstore.plural import plural
from vectorstore.search.evidence import Evidence, SearchCost, SearchResult
from vectorstore.settings import (
    EmbedderSettings,
    LibrarySettings,
    ReadSettings,
    SearchSettings,
    SettingsPart,
)

if TYPE_CHECKING:
    from vectorstore.database import (
        ArticleHeader,
        Feedback,
        KeptReceipt,
        Opinion,
        Outcome,
        SessionHeader,
        Turn,
    )
    from vectorstore.embedding import E5Embedder, Embedder, TokenStates
    from vectorstore.health import Finding
    from vectorstore.ingest import Added, AddProgress, AddReport
    from vectorstore.languages import identify, to_bcp47
    from vectorstore.lexical import split_terms
    from vectorstore.library import EncodedSentence, Library
    from vectorstore.lock import deferred_interrupts
    from vectorstore.readers import Given, discover, read_path
    from vectorstore.reembedding import Reembedding, ReembedPlan, ReembedProgress, ReembedReport
    from vectorstore.search.articles import rank_articles
    from vectorstore.search.scoring import ANSWERABLE_AT
    from vectorstore.search.transform import Centering, Side
    from vectorstore.sentences import split_sentences

_LAZY = {
    "ANSWERABLE_AT": "vectorstore.search.scoring",
    "AddProgress": "vectorstore.ingest",
    "AddReport": "vectorstore.ingest",
    "Added": "vectorstore.ingest",
    "ArticleHeader": "vectorstore.database",
    "Centering": "vectorstore.search.transform",
    "E5Embedder": "vectorstore.embedding",
    "Embedder": "vectorstore.embedding",
    "EncodedSentence": "vectorstore.library",
    "Feedback": "vectorstore.database",
    "Finding": "vectorstore.health",
    "Given": "vectorstore.readers",
    "KeptReceipt": "vectorstore.database",
    "Library": "vectorstore.library",
    "Opinion": "vectorstore.database",
    "Outcome": "vectorstore.database",
    "ReembedPlan": "vectorstore.reembedding",
    "ReembedProgress": "vectorstore.reembedding",
    "ReembedReport": "vectorstore.reembedding",
    "Reembedding": "vectorstore.reembedding",
    "SessionHeader": "vectorstore.database",
    "Side": "vectorstore.search.transform",
    "TokenStates": "vectorstore.embedding",
    "Turn": "vectorstore.database",
    "deferred_interrupts": "vectorstore.lock",
    "discover": "vectorstore.readers",
    "identify": "vectorstore.languages",
    "rank_articles": "vectorstore.search.articles",
    "read_path": "vectorstore.readers",
    "split_sentences": "vectorstore.sentences",
    "split_terms": "vectorstore.lexical",
    "to_bcp47": "vectorstore.languages",
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
