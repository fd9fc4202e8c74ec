"""Workbooks for tests, built part by part so that a part can be left out, broken or blown up."""

import io
import zipfile
from collections.abc import Mapping

OPEN = "http://schemas.openxmlformats.org"
MAIN = f'xmlns="{OPEN}/spreadsheetml/2006/main" xmlns:r="{OPEN}/officeDocument/2006/relationships"'
RELATED = f'xmlns="{OPEN}/package/2006/relationships"'
TYPE = f"{OPEN}/officeDocument/2006/relationships"
ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"><v>0.05</v></c></row>'
)
PARTS: Mapping[str, str] = {
    "[Content_Types].xml": (
        f'<Types xmlns="{OPEN}/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships {RELATED}><Relationship Id="rId1" Type="{TYPE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": f'<workbook {MAIN}><sheets><sheet name="Rates" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships {RELATED}>'
        f'<Relationship Id="rId1" Type="{TYPE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{TYPE}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId3" Type="{TYPE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/sharedStrings.xml": f"<sst {MAIN}><si><t>code</t></si><si><t>rate</t></si><si><t>0902300009</t></si></sst>",
    "xl/styles.xml": (
        f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="164" formatCode="0.0%_);(0.0%)"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    ),
    "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{ROWS}</sheetData></worksheet>",
}  # fmt: skip
SHEET, TEXTS, STYLES, BOOK = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
)


def archive(parts: Mapping[str, str | bytes | None]) -> bytes:
    """A ZIP archive of the parts that are not None."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            if part is not None:
                file.writestr(name, part)
    return content.getvalue()


def workbook(**others: str | bytes | None) -> bytes:
    """A sound workbook of two columns and a row, but for parts given by SHEET, TEXTS, STYLES or BOOK."""
    return archive({**PARTS, **others})


def sheet(rows: str) -> str:
    """The part of a sheet with these rows."""
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def cell(inner: str, *, kind: str = "", style: str = "") -> bytes:
    """A workbook whose only cell below the headers `code` and `rate` in row 2 stands under `rate`."""
    attributes = (f' t="{kind}"' if kind else "") + (f' s="{style}"' if style else "")
    row = f'<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"{attributes}>{inner}</c></row>'
    return workbook(**{SHEET: sheet(ROWS.split("</row>", maxsplit=1)[0] + "</row>" + row)})
