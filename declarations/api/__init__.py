"""The machine door of declarations: draft, lodge, charges, history, files; content by the box table."""

from declarations.api.stock import StockViewSet
from declarations.api.views import KEY, SHOWN, DeclarationViewSet, body_of, own_declaration

__all__ = ["KEY", "SHOWN", "DeclarationViewSet", "StockViewSet", "body_of", "own_declaration"]
