"""What a column and a table of the law are. The tables themselves stand in `law` and `code_lists`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.functional import Promise

from lib.cells import Column

Choices = Sequence[tuple[str, str | Promise]]


@dataclass(frozen=True, slots=True)
class LawColumn(Column):
    """A column of a table of the law: said here, read by everything that reads, shows or writes the table.

    `field` is the lookup of the value where it has another name (`legal_act__number`). `refers` is the list whose codes
    it holds, `many` of them with spaces between. A form shows it as `widget`: a line of text, a long text, a day, one
    of `choices`, yes or no, or a commodity code.
    """

    of_the_set: bool = False  # in a change set it may be empty: the set says it for all rows
    in_file: bool = True  # a country's file has it; else only change sets do
    public: bool = True  # open data have it
    label: str | Promise = ""  # empty: the name of its field
    refers: str = ""
    many: bool = False
    widget: str = "text"
    choices: Choices = ()
    hint: str | Promise = ""
    first: bool = False  # a person thinks of it first: its field is not folded away
    usual: str = ""  # what an empty cell stands for, and what goes without saying
    fault: str = "T413"  # the code of a cell that cannot be read


@dataclass(frozen=True)
class Table:
    """A table of the law, its columns in order.

    `series` names the columns that tell one thing from another: of dated rows no two of a series share a day. A table
    that is not `changed_by_hand` comes with a country alone. `public` is its name among the open data (empty: it is not
    there), `title` what it holds.
    """

    name: str
    label: str | Promise
    model: Any
    file: str
    columns: tuple[LawColumn, ...]
    series: tuple[str, ...] = ("code",)
    dated: bool = True
    changed_by_hand: bool = True
    public: str = ""
    title: str | Promise = ""
    order: tuple[str, ...] = ()
    shows_key: bool = False  # the open data name each row by its primary key

    @cached_property
    def by_name(self) -> Mapping[str, LawColumn]:
        """The columns by name, in order."""
        return {column.name: column for column in self.columns}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.by_name)

    @cached_property
    def of_file(self) -> Mapping[str, LawColumn]:
        """The columns of a country's file."""
        return {name: column for name, column in self.by_name.items() if column.in_file}

    @cached_property
    def of_set(self) -> Mapping[str, LawColumn]:
        """The columns of a change set: what the set says for all rows may be empty."""
        return {
            name: replace(column, required=False) if column.of_the_set else column
            for name, column in self.by_name.items()
        }

    @cached_property
    def code_column(self) -> str:
        """The column with the commodity code its rows are about; empty where they are about none."""
        return next((name for name, column in self.by_name.items() if column.widget == "commodity"), "")

    def path(self, name: str) -> str:
        """The lookup that yields the column's value: `act` is `legal_act__number`."""
        return self.by_name[name].target

    def label_of(self, name: str) -> str:
        """The column's name in the reader's language."""
        column = self.by_name[name]
        if column.label:
            return str(column.label)
        return str(self.model._meta.get_field(column.target.split("__")[0]).verbose_name)
