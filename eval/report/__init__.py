"""Runs as one page: `pullquote eval report`."""

from eval.report.document import refuse_existing, write_document
from eval.report.page import make_page

__all__ = ["make_page", "refuse_existing", "write_document"]
