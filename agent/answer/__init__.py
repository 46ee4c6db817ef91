"""The answer and what belongs to it: citations, links, numbering, receipts, verification."""
