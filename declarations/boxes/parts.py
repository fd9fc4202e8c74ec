"""What repeats beside items: papers, containers, previous declarations, suppliers' invoices."""

from django.utils.translation import gettext_lazy as _

from declarations.boxes.box import Box

# A table: one row for each element, in the order of the columns of `Box`.
# fmt: off

DOCUMENT: tuple[Box, ...] = (
    Box(
        "code", "44", _("Document"), "Attached_document_code",
        "code", 5, "documents", codes="document_type",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/AdditionalDocument/TypeCode", risk=True,
    ),
    Box("name", "44", _("Name of the document"), "Attached_document_name", "text", 140, "documents"),
    Box(
        "reference", "44", _("Number of the document"), "Attached_document_reference",
        "text", 60, "documents", wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/AdditionalDocument/ID",
    ),
    Box(
        "date", "44", _("Date of the document"), "Attached_document_date",
        "date", 10, "documents",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/AdditionalDocument/EffectiveDateTime",
    ),
    Box(
        "from_rule", "44", _("Asked for by the tariff"), "Attached_document_from_rule",
        "integer", 1, "documents",
    ),
)

CONTAINER: tuple[Box, ...] = (
    Box("item_number", "31", _("Item"), "Item_Number", "integer", 3, "transport"),
    Box(
        "identity", "31", _("Container"), "Container_identity",
        "text", 17, "transport", wco="Declaration/GoodsShipment/Consignment/TransportEquipment/ID", risk=True,
    ),
    Box(
        "type", "31", _("Type of container"), "Container_type",
        "code", 10, "transport", wco="Declaration/GoodsShipment/Consignment/TransportEquipment/CharacteristicCode",
        risk=True,
    ),
    Box(
        "empty_full", "31", _("Empty or full"), "Empty_full_indicator",
        "text", 5, "transport", wco="Declaration/GoodsShipment/Consignment/TransportEquipment/FullnessCode",
    ),
    Box("gross_mass", "31", _("Gross mass, kg"), "Gross_weight", "quantity", 18, "transport"),
    Box("description", "31", _("Goods in the container"), "Goods_description", "lines", 350, "transport"),
    Box(
        "packages_kind", "31", _("Kind of packages"), "Packages_type",
        "code", 17, "transport", codes="package_kind",
    ),
    Box("packages_number", "31", _("Number of packages"), "Packages_number", "quantity", 18, "transport"),
    Box("packages_mass", "31", _("Mass of the packages, kg"), "Packages_weight", "quantity", 18, "transport"),
)

PREVIOUS: tuple[Box, ...] = (
    Box("office_code", "40", _("Office"), "Prev_decl_office_code", "code", 8, "documents"),
    Box("year", "40", _("Year"), "Prev_decl_reg_year", "integer", 4, "documents"),
    Box("serial", "40", _("Series"), "Prev_decl_reg_serial", "code", 3, "documents"),
    Box("number", "40", _("Number"), "Prev_decl_reg_number", "integer", 9, "documents"),
    Box("item_number", "40", _("Item"), "Prev_decl_item_number", "integer", 3, "documents"),
    Box("commodity_code", "40", _("Commodity code"), "Prev_decl_HS_code", "code", 11, "documents"),
    Box("precision", "40", _("Precision"), "Prev_decl_HS_prec", "code", 8, "documents"),
    Box(
        "origin_country", "40", _("Country of origin"), "Prev_decl_country_origin",
        "code", 2, "documents", codes="country",
    ),
    Box("packages", "40", _("Packages there"), "Prev_decl_number_packages", "quantity", 18, "documents"),
    Box("mass", "40", _("Mass there, kg"), "Prev_decl_weight", "quantity", 18, "documents"),
    Box(
        "supplementary_quantity", "40", _("Supplementary quantity there"), "Prev_decl_supp_quantity",
        "quantity", 18, "documents",
    ),
    Box("value", "40", _("Value there"), "Prev_decl_ref_value", "amount", 18, "documents"),
    Box(
        "current_item", "40", _("Item of this declaration"), "Prev_decl_current_item",
        "integer", 3, "documents",
    ),
    Box(
        "packages_written_off", "40", _("Packages written off"), "Prev_decl_number_packages_written_off",
        "quantity", 18, "documents",
    ),
    Box(
        "mass_written_off", "40", _("Mass written off, kg"), "Prev_decl_weight_written_off",
        "quantity", 18, "documents",
    ),
    Box(
        "supplementary_quantity_written_off", "40", _("Supplementary quantity written off"),
        "Prev_decl_supp_quantity_written_off",
        "quantity", 18, "documents",
    ),
    Box(
        "value_written_off", "40", _("Value written off"), "Prev_decl_ref_value_written_off",
        "amount", 18, "documents",
    ),
)

SUPPLIER: tuple[Box, ...] = (
    Box("link", "22", _("Link to the items"), "Suppliers_document_itmlink", "text", 17, "documents"),
    Box("code", "22", _("Supplier's number"), "Suppliers_document_code", "text", 20, "documents"),
    Box("name", "22", _("Supplier"), "Suppliers_document_name", "text", 175, "documents"),
    Box("country", "22", _("Supplier's country"), "Suppliers_document_country", "text", 60, "documents"),
    Box("city", "22", _("Supplier's city"), "Suppliers_document_city", "text", 60, "documents"),
    Box("street", "22", _("Supplier's street"), "Suppliers_document_street", "text", 140, "documents"),
    Box(
        "telephone", "22", _("Supplier's telephone"), "Suppliers_document_telephone", "text", 40, "documents"
    ),
    Box("fax", "22", _("Supplier's fax"), "Suppliers_document_fax", "text", 40, "documents"),
    Box(
        "zip_code", "22", _("Supplier's postal code"), "Suppliers_document_zip_code", "text", 17, "documents"
    ),
    Box("email", "22", _("Supplier's e-mail"), "Invoice_suppliert_email_address", "text", 140, "documents"),
    Box("invoice_number", "22", _("Invoice"), "Suppliers_document_invoice_nbr", "text", 60, "documents"),
    Box(
        "invoice_amount", "22", _("Invoice amount"), "Suppliers_document_invoice_amt",
        "amount", 18, "documents",
    ),
    Box(
        "type_code", "22", _("Type of document"), "Suppliers_document_type_code",
        "code", 5, "documents", codes="document_type",
    ),
    Box("date", "22", _("Date of the invoice"), "Suppliers_document_date", "date", 10, "documents"),
)
