"""How answers, receipts and articles are shown: text, Markdown, HTML, Slack blocks."""
