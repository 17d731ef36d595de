"""QR codes as inline SVG, for screens that are held against a scanner."""

from __future__ import annotations

import qrcode
from markupsafe import Markup


def qr_svg(text: str, label: str) -> Markup:
    """A QR code (error correction M) with its quiet zone, dark on white in every theme."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Markup(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" width="220" height="220"><path fill="#fff" d="M0 0h{}v{}H0z"/>'
        '<path fill="#000" d="{}"/></svg>'
    ).format(label, len(rows), len(rows), len(rows), len(rows), path)
