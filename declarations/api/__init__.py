"""The machine door of declarations: draft, lodge, charges, history, files; content by the box table."""

from declarations.api.views import DeclarationViewSet

__all__ = ["DeclarationViewSet"]
