"""The data of the project: articles, spans, filters, evidence, errors; imports nothing of ours."""
