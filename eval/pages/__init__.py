"""Runs as one page: `pullquote eval report`."""

from eval.pages.document import refuse_existing, write_document
from eval.pages.page import make_page

__all__ = ["make_page", "refuse_existing", "write_document"]
