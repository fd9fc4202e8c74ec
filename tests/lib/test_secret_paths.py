"""No log line holds what opens something by itself: a token or a link in the path of a request."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from lib.requests import _SECRET

SECRETS = {"token", "link"}


def routes(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, path)
        else:
            yield path, each


def with_secrets() -> list[str]:
    return [
        path for path, each in routes(get_resolver())
        if not path.startswith("/admin/") and SECRETS & {
            name for name, converter in each.pattern.converters.items() if type(converter).__name__ == "StringConverter"
        }
    ]  # fmt: skip


def test_there_are_such_routes() -> None:
    assert {"/verify/<str:token>/", "/pay/by-link/<str:token>/", "/travel/open/<str:token>/"} <= set(with_secrets())


@pytest.mark.parametrize("route", with_secrets())
def test_a_secret_in_a_path_is_not_logged(route: str) -> None:
    path = re.sub(r"<str:(?:token|link)>", "s3cret", route)
    assert "s3cret" in path
    assert "s3cret" not in _SECRET.sub(r"\1…", path)
