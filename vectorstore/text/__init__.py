"""Text without I/O: canonical form, paragraphs, sentences, chunking, languages, dates, boilerplate, terms."""
