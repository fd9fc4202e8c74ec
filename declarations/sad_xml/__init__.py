"""ASYCUDA World's SAD XML: read tolerantly, write exactly. Refuses what is not XML, too large, or hostile."""

from declarations.sad_xml.building import build
from declarations.sad_xml.parsing import ParsedSad, StatedItem, StatedLine, StatedSad, parse
from declarations.sad_xml.tree import LIMIT_BYTES

__all__ = ["LIMIT_BYTES", "ParsedSad", "StatedItem", "StatedLine", "StatedSad", "build", "parse"]
