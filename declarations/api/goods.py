"""A table of goods by API: a program's file or cells read as the page reads them; nothing is written."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from rest_framework import serializers

from declarations import selectors
from declarations.forms import paste
from declarations.forms.goods import judge
from declarations.forms.goods_file import Choice, look, read_file
from declarations.forms.meant import Law
from declarations.models import Declaration
from lib.pointers import whole_number
from lib.sheets import column_letter
from lib.uploads import read_upload
from lib.violations import refuse


class TableOfGoodsSerializer(serializers.Serializer[Any]):
    """A file, or the text of cells as a spreadsheet puts them on the clipboard."""

    file = serializers.FileField(required=False, help_text="XLSX or CSV: a packing list or an invoice.")
    sheet = serializers.IntegerField(
        required=False, min_value=0, help_text="Its sheet, from zero. Without it the one that names most columns."
    )
    heading = serializers.IntegerField(
        required=False, min_value=0, help_text="The row that names the columns; 0: none does. Without it, found."
    )
    columns = serializers.CharField(
        required=False,
        help_text="The box of each column, with commas between them and nothing for one that is left out. Without it, "
        "what the company chose on the page for a table headed so, else what the names say.",
    )
    hidden = serializers.BooleanField(
        required=False,
        help_text="Read the rows and columns too that the sheet hides. Without it they are left out, as on the page.",
    )
    cells = serializers.CharField(required=False, help_text="In place of a file: tabs between cells, a row on a line.")
    column = serializers.CharField(required=False, help_text="The box of the first cell, if no row names columns.")


class ProposalSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="The place in `rows`, from zero.")
    box = serializers.CharField()
    to = serializers.CharField()
    why = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.CharField()}


class CellFaultSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    box = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class LeftOutSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="The row as the spreadsheet numbers it.")
    text = serializers.CharField()
    why = serializers.CharField()


class HiddenSerializer(serializers.Serializer[Any]):
    """What the workbook does not show, by a filter, a closed group or by hand."""

    rows = serializers.ListField(child=serializers.IntegerField(), help_text="As the spreadsheet numbers them.")
    columns = serializers.ListField(child=serializers.CharField(), help_text="By their letters.")
    sheets = serializers.ListField(child=serializers.CharField(), help_text="Those of `sheets` that nobody sees.")
    are_read = serializers.BooleanField(help_text="Whether these rows and columns are in the answer.")


class GoodsReadSerializer(serializers.Serializer[Any]):
    """What the table would be as items. `rows` fit into `items` of the declaration."""

    rows = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    left_out = LeftOutSerializer(many=True)
    proposals = ProposalSerializer(many=True)
    faults = CellFaultSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    sheets = serializers.ListField(child=serializers.CharField(), required=False)
    columns = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)
    hidden = HiddenSerializer(required=False)
    facts = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="What the table says beside its items, by box."
    )


def read_table_of_goods(declaration: Declaration, data: Mapping[str, Any], law: Law) -> dict[str, Any]:
    """The answer to a table. Raises Rejected."""
    upload = data.get("file")
    if not isinstance(upload, UploadedFile):
        cells = data.get("cells")
        if not isinstance(cells, str) or not cells:
            raise refuse("F001", "file", _("Send a file."))
        goods = paste.read_cells(cells, field=str(data.get("column") or ""))
        judge(goods, law)
        return goods.as_dict()
    columns = str(data.get("columns") or "")
    choice = Choice(
        sheet=whole_number(str(data.get("sheet", ""))),
        heading=whole_number(str(data.get("heading", ""))),
        columns=[name.strip() for name in columns.split(",")] if columns else None,
        hidden=str(data.get("hidden", "")).lower() in ("true", "1"),
    )
    looked = look(read_file(read_upload(upload)), choice, law,
                  remembered=lambda keys: selectors.columns_chosen(declaration.declarant, keys))  # fmt: skip
    return looked.goods.as_dict() | {
        "sheets": [table.name for table in looked.tables],
        "columns": looked.columns,
        "hidden": {
            "rows": looked.table.hidden_rows,
            "columns": [column_letter(place) for place in looked.table.hidden_columns],
            "sheets": [table.name for table in looked.tables if table.is_hidden],
            "are_read": looked.takes_hidden,
        },
        "facts": {fact.field: fact.text for fact in looked.facts},
    }
