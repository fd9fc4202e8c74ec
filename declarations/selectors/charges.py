"""What was charged, said in the reader's language.

A charge keeps its words as they were when it was assessed, in the language of who lodged. Its figures stay as they are;
the name of the tax, the act and the words of a formula are said anew where the law that is loaded still knows them.
"""

from collections.abc import Iterable

from declarations.models import Charge, Declaration, ItemValuation
from tariffs.selectors import act_in_words, acts_by_number, code_list
from tariffs.wording import formula_in_words


def charges_of(declaration: Declaration) -> list[Charge]:
    """The lines of box 47, by item and order of computation; those on the declaration as a whole last.

    They are to be read, not saved: their words are those of the reader's language.
    """
    rows = list(declaration.charges.select_related("item").order_by("item__number", "sequence", "pk"))
    names = code_list("tax", on=declaration.tax_date) if declaration.tax_date else {}
    acts = acts_by_number({_number(row) for row in rows})
    for row in rows:
        row.tax_name = names.get(row.tax_code) or row.tax_name
        row.formula = formula_in_words(row.formula)
        if act := acts.get(_number(row)):
            row.legal_basis = act_in_words(act)
    return rows


def valuations_of(declaration: Declaration) -> dict[int, ItemValuation]:
    """The value of each item by the item's primary key, its formula in the reader's language."""
    rows: Iterable[ItemValuation] = ItemValuation.objects.filter(item__declaration=declaration)
    found = {}
    for row in rows:
        row.formula = formula_in_words(row.formula)
        found[row.item_id] = row
    return found


def _number(charge: Charge) -> str:
    """The act's number: what stands before its title."""
    return charge.legal_basis.partition(" · ")[0]
