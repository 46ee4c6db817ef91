"""Bytes to text: UTF-8 and UTF-16 as they say they are, older encodings only when they are certain."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from vectorstore.model.errors import SourceError
from vectorstore.readers.legacy import SAMPLE, decode_legacy

_BOMS = (
    (BOM_UTF8, "utf-8"),
    (BOM_UTF32_LE, "utf-32-le"),
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)


def decode(data: bytes, name: str, *, is_html: bool = False) -> str:
    """Return the text of `data`, without its byte order mark.

    `name` is for the message. Of HTML, what its `<meta charset>` says is tried after UTF-8. Raises
    SourceError when `data` is empty, is not text, or is in an encoding that is not certain.
    """
    if not data.strip():
        raise SourceError(f"{name} is empty; there is nothing to add")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_strictly(data[len(mark) :], encoding, name)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise SourceError(f"{name} is {kind}, not text; convert it to .txt, .md, .html or .jsonl first")
    sample = data[:SAMPLE]
    if len(_CONTROLS.findall(sample)) > len(sample) // 1000:
        raise SourceError(f"{name} is binary, not text; convert it to .txt, .md, .html or .jsonl first")
    if b"\x1b$" in sample:
        return _decode_strictly(data, "iso2022_jp", name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _META_CHARSET.search(data[:2048]) if is_html else None
    if declared:
        try:
            return data.decode(_as_browsers_do(declared[1].decode("ascii")))
        except (LookupError, UnicodeDecodeError):
            pass
    text = decode_legacy(data)
    if text is None:
        raise SourceError(
            f"{name} is not UTF-8 and its encoding cannot be determined for certain; "
            f"convert it first: iconv -f ENCODING -t UTF-8 '{name}'"
        )
    return text


def _decode_strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{name} says it is {encoding} but is not, from byte {error.start}; save it again as UTF-8"
        ) from error


def _as_browsers_do(charset: str) -> str:
    """Return the WHATWG's reading of labels that pages use for their bigger sisters."""
    label = charset.lower().replace("_", "-")
    bigger = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
    bigger |= {"iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "shift-jis": "cp932"}
    bigger |= {"euc-kr": "cp949", "ks-c-5601-1987": "cp949", "big5": "big5hkscs", "tis-620": "cp874"}
    return bigger.get(label, charset)
