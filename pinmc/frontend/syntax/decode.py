"""Bytes of a file to text."""

from __future__ import annotations

from pinmc.base.diagnostics import Diagnostic
from pinmc.base.source import SourceFile, Span


def decode(path: str, data: bytes) -> tuple[SourceFile, tuple[Diagnostic, ...]]:
    """The source file with the contents ``data``, UTF-8 with or without a byte order mark.

    Where it is no UTF-8 the text has U+FFFD for what cannot be read, and there is a diagnostic at
    the first such place.
    """
    try:
        return SourceFile(path, data.decode("utf-8-sig")), ()
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8-sig")
        source = SourceFile(path, data.decode("utf-8-sig", errors="replace"))
        return source, (_not_utf8(source, len(good), data[error.start]),)


def _not_utf8(source: SourceFile, start: int, byte: int) -> Diagnostic:
    lines = (source.text[:start] + "?").splitlines(keepends=True)
    return Diagnostic(
        "PIN008",
        Span(source, start, min(start + 1, len(source.text)), len(lines), len(lines[-1])),
        f"the file is not UTF-8 text: byte 0x{byte:02x}",
        "convert it, for example with 'iconv -f LATIN1 -t UTF-8'",
    )
