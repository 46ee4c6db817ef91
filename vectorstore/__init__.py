"""Articles, passages, embedders, library database, Chroma index and search: everything behind `Library`."""

# What is imported here is what this package exports.
# ruff: noqa: F401
# mypy: implicit-reexport

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vectorstore.files import replace_file
from vectorstore.model import server_errors
from vectorstore.model.addresses import Endpoint, find_endpoint, hide_password
from vectorstore.model.article import (
    UNDETERMINED,
    Article,
    Boilerplate,
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
from vectorstore.text.canonical import article_id, canonicalize, fold, fold_name
from vectorstore.text.paragraphs import trim
from vectorstore.text.plural import plural

if TYPE_CHECKING:
    from vectorstore.embedding import E5Embedder, Embedder, TokenStates
    from vectorstore.index.lock import deferred_interrupts
    from vectorstore.library.adding import Added, AddProgress, AddReport
    from vectorstore.library.library import EncodedSentence, Library
    from vectorstore.library.reembedding import Reembedding, ReembedPlan, ReembedProgress, ReembedReport
    from vectorstore.readers import Given, discover, read_path
    from vectorstore.search.scoring import ANSWERABLE_AT, rank_articles
    from vectorstore.search.transform import Centering, Prefix
    from vectorstore.store import (
        AddOutcome,
        ArticleHeader,
        Feedback,
        Opinion,
        SessionHeader,
        StoredReceipt,
        Turn,
    )
    from vectorstore.text.languages import LANGUAGES, identify, is_same_language, primary_language, to_bcp47
    from vectorstore.text.sentences import split_sentences
    from vectorstore.text.terms import split_terms

# These bring numpy, SQLAlchemy or Chroma along, which `pullquote --help` must not wait for.
_LAZY = {
    "embedding": "E5Embedder Embedder TokenStates",
    "index.lock": "deferred_interrupts",
    "library.adding": "Added AddProgress AddReport",
    "library.library": "EncodedSentence Library",
    "library.reembedding": "Reembedding ReembedPlan ReembedProgress ReembedReport",
    "readers": "Given discover read_path",
    "search.scoring": "ANSWERABLE_AT rank_articles",
    "search.transform": "Centering Prefix",
    "store": "ArticleHeader Feedback StoredReceipt Opinion AddOutcome SessionHeader Turn",
    "text.languages": "LANGUAGES identify is_same_language primary_language to_bcp47",
    "text.sentences": "split_sentences",
    "text.terms": "split_terms",
}
_MODULE_OF = {name: module for module, names in _LAZY.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
