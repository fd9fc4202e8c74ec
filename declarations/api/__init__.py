"""The machine door of declarations: draft, lodge, charges, history, files; content by the box table."""

from declarations.api.papers import FileContent, PaperContent, XmlContent
from declarations.api.stock import StockViewSet
from declarations.api.templates import TemplateViewSet
from declarations.api.views import (
    KEY,
    REFUSED,
    SHOWN,
    DeclarationViewSet,
    NewestFirst,
    body_of,
    own_declaration,
    seen_declaration,
)

__all__ = [
    "KEY", "REFUSED", "SHOWN", "DeclarationViewSet", "FileContent", "NewestFirst", "PaperContent", "StockViewSet",
    "TemplateViewSet", "XmlContent", "body_of", "own_declaration", "seen_declaration",
]  # fmt: skip
