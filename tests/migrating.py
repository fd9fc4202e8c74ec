"""Migrations run as they stand, and Django renders each model of their states once.

Django renders a model anew, and all that are related to it, after each constraint, index and model that is added, and
after each label of a field that changes: nine tenths of the time of a `migrate` from nothing. What is rendered once
differs in nothing that the database is told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def rendered_once() -> Iterator[None]:
    """For an empty database: nothing that exists is altered there."""
    with (
        mock.patch.object(ProjectState, "add_model", _add_model),
        mock.patch.object(ProjectState, "_append_option", _append_option),
        mock.patch.object(ProjectState, "_find_reload_model", _found),
        mock.patch.object(ProjectState, "alter_field", _alter_field),
    ):
        yield


def _add_model(state: Any, added: ModelState) -> None:
    key = added.app_label, added.name_lower
    state.models[key] = added
    if state._relations is not None:
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:
        state.apps.render_multiple([added])


_find: Any = ProjectState._find_reload_model  # type: ignore[attr-defined]


def _found(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
    """Whose field is no relation, and is referred to by none, is rendered alone: the others know it by its name."""
    if not delay:
        return set(_find(state, app_label, model_name))
    state.is_delayed = True
    return {(app_label, model_name)}


_alter: Any = ProjectState.alter_field


def _alter_field(state: Any, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool) -> None:
    """A field that differs in its label alone is not rendered at all."""
    fields = state.models[app_label, model_name].fields
    if preserve_default and _without_label(fields[name]) == _without_label(field):
        fields[name] = field
    else:
        _alter(state, app_label, model_name, name, field, preserve_default)


def _without_label(field: Any) -> tuple[str, list[Any], dict[str, Any]]:
    _name, path, values, options = field.deconstruct()
    return path, values, {name: value for name, value in options.items() if name not in ("verbose_name", "help_text")}


def _append_option(state: ProjectState, app_label: str, model_name: str, option_name: str, added: Any) -> None:
    options = state.models[app_label, model_name].options
    options[option_name] = [*options.get(option_name, []), added]
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app_label, model_name)._meta, option_name, options[option_name])
