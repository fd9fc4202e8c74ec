"""The machine door of declarations: draft, lodge, charges, history, files; content by the box table."""

from declarations.api.stock import StockViewSet
from declarations.api.views import KEY, REFUSED, SHOWN, DeclarationViewSet, NewestFirst, body_of, own_declaration

__all__ = [
    "KEY", "REFUSED", "SHOWN", "DeclarationViewSet", "NewestFirst", "StockViewSet", "body_of", "own_declaration",
]  # fmt: skip
