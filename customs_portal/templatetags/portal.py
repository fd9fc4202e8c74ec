"""Template tags that every page may use (a built-in of the template engine)."""

from django import template

register = template.Library()
