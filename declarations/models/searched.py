"""What lodged versions are found by. Derived: `reindex_files` makes it anew at any time."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.lookups import Lookup

from declarations.models.declaration import Declaration


class Holds(Lookup):
    """`words__holds`: whether a `tsquery` of words in their kept spelling is answered. Nothing of it is changed."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", [*left_values, *right_values]


SearchVectorField.register_lookup(Holds)


class Searched(models.Model):
    """The words of one lodged version; its content never changes, so neither do they."""

    declaration = models.OneToOneField(Declaration, on_delete=models.CASCADE, primary_key=True, related_name="searched")
    lodged_on = models.DateField()
    words = SearchVectorField()

    objects: Any = models.Manager()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="searched_words"),
            models.Index(fields=["lodged_on", "declaration"], name="searched_by_day"),
        ]
