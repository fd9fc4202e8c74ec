"""The machine door of declarations: draft, lodge, charges, history, files; content by the box table."""

from declarations.api.views import KEY, REFUSED, SHOWN, DeclarationViewSet, NewestFirst, body_of, own_declaration

__all__ = ["KEY", "REFUSED", "SHOWN", "DeclarationViewSet", "NewestFirst", "body_of", "own_declaration"]
