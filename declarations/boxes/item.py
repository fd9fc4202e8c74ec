"""An item of the declaration, 1 to 999 of them."""

from django.utils.translation import gettext_lazy as _

from declarations.boxes.box import Box

# A table: one row for each element, in the order of the columns of `Box`.
# fmt: off

ITEM: tuple[Box, ...] = (
    Box(
        "packages_number", "31", _("Number of packages"), "Packages/Number_of_packages",
        "quantity", 18, "goods",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Packaging/QuantityQuantity", risk=True,
        place="packages",
    ),
    Box(
        "packages_marks", "31", _("Marks of packages"), "Packages/Marks1_of_packages",
        "text", 140, "goods", wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Packaging/MarksNumbersID",
        place="packages",
    ),
    Box(
        "packages_marks_2", "31", _("Further marks"), "Packages/Marks2_of_packages", "text", 140, "goods",
        place="packages",
    ),
    Box(
        "packages_kind", "31", _("Kind of packages"), "Packages/Kind_of_packages_code",
        "code", 3, "goods", codes="package_kind",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Packaging/TypeCode", risk=True, place="packages",
    ),
    Box(
        "delivery_terms_code", "20", _("Delivery term of the item"), "IncoTerms/Code",
        "code", 3, "value", codes="delivery_term",
    ),
    Box(
        "delivery_terms_place", "20", _("Place of delivery of the item"), "IncoTerms/Place",
        "text", 60, "value",
    ),
    Box(
        "commodity_code", "33", _("Commodity code"), "Tarification/HScode/Commodity_code",
        "code", 11, "goods", codes="commodity",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/Classification/ID", risk=True,
    ),
    Box(
        "additional_code_2", "33", _("Second additional code"), "Tarification/HScode/Precision_2",
        "code", 8, "goods",
    ),
    Box(
        "additional_code_3", "33", _("Third additional code"), "Tarification/HScode/Precision_3",
        "code", 8, "goods",
    ),
    Box(
        "additional_code_4", "33", _("Fourth additional code"), "Tarification/HScode/Precision_4",
        "text", 35, "goods",
    ),
    Box(
        "preference", "36", _("Preference"), "Tarification/Preference_code",
        "code", 8, "goods",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/DutyTaxFee/DutyRegimeCode", risk=True,
        place="procedure",
    ),
    Box(
        "extended_procedure", "37", _("Procedure"), "Tarification/Extended_customs_procedure",
        "code", 4, "goods", codes="procedure",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/GovernmentProcedure/CurrentCode", risk=True,
        place="procedure",
    ),
    Box(
        "national_procedure", "37", _("National procedure"), "Tarification/National_customs_procedure",
        "code", 4, "goods", codes="national_procedure", risk=True, place="procedure",
    ),
    Box(
        "quota_code", "39", _("Quota"), "Tarification/Quota_code",
        "code", 17, "goods",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/DutyTaxFee/QuotaOrderID", risk=True,
        place="procedure",
    ),
    Box(
        "supplementary_unit_1", "41", _("Supplementary unit"),
        "Tarification/Supplementary_unit[1]/Suppplementary_unit_code",
        "code", 4, "goods", codes="unit", place="packages",
    ),
    Box(
        "supplementary_quantity_1", "41", _("Supplementary quantity"),
        "Tarification/Supplementary_unit[1]/Suppplementary_unit_quantity",
        "quantity", 18, "goods",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/GoodsMeasure/TariffQuantity", risk=True,
        place="packages",
    ),
    Box(
        "supplementary_unit_2", "41", _("Second supplementary unit"),
        "Tarification/Supplementary_unit[2]/Suppplementary_unit_code",
        "code", 4, "goods", codes="unit", place="packages",
    ),
    Box(
        "supplementary_quantity_2", "41", _("Second supplementary quantity"),
        "Tarification/Supplementary_unit[2]/Suppplementary_unit_quantity",
        "quantity", 18, "goods", place="packages",
    ),
    Box(
        "supplementary_unit_3", "41", _("Third supplementary unit"),
        "Tarification/Supplementary_unit[3]/Suppplementary_unit_code",
        "code", 4, "goods", codes="unit", place="packages",
    ),
    Box(
        "supplementary_quantity_3", "41", _("Third supplementary quantity"),
        "Tarification/Supplementary_unit[3]/Suppplementary_unit_quantity",
        "quantity", 18, "goods", place="packages",
    ),
    Box(
        "item_price", "42", _("Item price"), "Tarification/Item_price",
        "amount", 18, "value",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/InvoiceLine/ItemChargeAmount", risk=True,
    ),
    Box(
        "valuation_method", "43", _("Valuation method"), "Tarification/Valuation_method_code",
        "code", 2, "value", codes="valuation_method",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/CustomsValuation/MethodCode", risk=True,
    ),
    Box(
        "additional_information_code", "44", _("Additional information code"), "Tarification/A.I._code",
        "code", 17, "documents",
    ),
    Box("tax_relief_code", "44", _("Tax relief"), "Tarification/Tax_relief_code", "code", 17, "documents"),
    Box(
        "origin_country", "34", _("Country of origin"), "Goods_description/Country_of_origin_code",
        "code", 2, "goods", codes="country",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Origin/CountryCode", risk=True,
    ),
    Box(
        "origin_region", "34b", _("Region of origin"), "Goods_description/Country_of_origin_region",
        "text", 35, "goods",
    ),
    Box(
        "tariff_description", "31", _("Description in the tariff"), "Goods_description/Description_of_goods",
        "lines", 1000, "goods",
    ),
    Box(
        "commercial_description", "31", _("Description of goods"), "Goods_description/Commercial_Description",
        "lines", 1000, "goods", wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/Description",
        risk=True,
    ),
    Box(
        "summary_declaration", "40", _("Transport document"), "Previous_doc/Summary_declaration",
        "text", 60, "documents",
    ),
    Box(
        "summary_declaration_line", "40", _("Line of the transport document"), "Previous_doc/Summary_declaration_sl",
        "text", 17, "documents",
    ),
    Box(
        "previous_document", "40", _("Previous document"), "Previous_doc/Previous_document_reference",
        "text", 60, "documents", wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/PreviousDocument/ID",
    ),
    Box(
        "previous_warehouse", "40", _("Previous warehouse"), "Previous_doc/Previous_warehouse_code",
        "text", 35, "documents",
    ),
    Box("licence_number", "44", _("Licence"), "Licence_number", "text", 60, "documents", risk=True),
    Box(
        "licence_amount", "44", _("Value taken from the licence"), "Amount_deducted_from_licence",
        "amount", 18, "documents",
    ),
    Box(
        "licence_quantity", "44", _("Quantity taken from the licence"), "Quantity_deducted_from_licence",
        "quantity", 18, "documents",
    ),
    Box("free_text_1", "44", _("Remark"), "Free_text_1", "text", 140, "documents"),
    Box("free_text_2", "44", _("Second remark"), "Free_text_2", "text", 140, "documents"),
    Box(
        "gross_mass", "35", _("Gross mass, kg"), "Valuation_item/Weight_itm/Gross_weight_itm",
        "quantity", 18, "goods",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/GoodsMeasure/GrossMassMeasure", risk=True,
        place="packages",
    ),
    Box(
        "net_mass", "38", _("Net mass, kg"), "Valuation_item/Weight_itm/Net_weight_itm",
        "quantity", 18, "goods",
        wco="Declaration/GoodsShipment/GovernmentAgencyGoodsItem/GoodsMeasure/NetNetWeightMeasure", risk=True,
        place="packages",
    ),
    Box(
        "rate_of_adjustment", "45", _("Rate of adjustment"), "Valuation_item/Rate_of_adjustement",
        "quantity", 18, "value", risk=True,
    ),
    Box(
        "external_freight", "12", _("External freight of the item"),
        "Valuation_item/item_external_freight/Amount_foreign_currency",
        "amount", 18, "value",
    ),
    Box(
        "external_freight_currency", "12", _("Its currency"), "Valuation_item/item_external_freight/Currency_code",
        "code", 3, "value", codes="currency",
    ),
    Box(
        "internal_freight", "12", _("Internal freight of the item"),
        "Valuation_item/item_internal_freight/Amount_foreign_currency",
        "amount", 18, "value",
    ),
    Box(
        "internal_freight_currency", "12", _("Its currency"), "Valuation_item/item_internal_freight/Currency_code",
        "code", 3, "value", codes="currency",
    ),
    Box(
        "insurance", "12", _("Insurance of the item"), "Valuation_item/item_insurance/Amount_foreign_currency",
        "amount", 18, "value",
    ),
    Box(
        "insurance_currency", "12", _("Its currency"), "Valuation_item/item_insurance/Currency_code",
        "code", 3, "value", codes="currency",
    ),
    Box(
        "other_cost", "12", _("Other costs of the item"), "Valuation_item/item_other_cost/Amount_foreign_currency",
        "amount", 18, "value",
    ),
    Box(
        "other_cost_currency", "12", _("Its currency"), "Valuation_item/item_other_cost/Currency_code",
        "code", 3, "value", codes="currency",
    ),
    Box(
        "deduction", "12", _("Deductions of the item"), "Valuation_item/item_deduction/Amount_foreign_currency",
        "amount", 18, "value",
    ),
    Box(
        "deduction_currency", "12", _("Its currency"), "Valuation_item/item_deduction/Currency_code",
        "code", 3, "value", codes="currency",
    ),
    Box(
        "write_off_unit", "40", _("Unit of the write-off"), "write_off_unit/write_off_unit_code",
        "code", 4, "documents",
    ),
    Box(
        "write_off_quantity", "40", _("Quantity of the write-off"), "write_off_unit/write_off_unit_qty",
        "quantity", 18, "documents",
    ),
    Box(
        "supplier_link", "22", _("Supplier's invoice"), "Suppliers_link/Suppliers_link_code",
        "text", 17, "documents",
    ),
)
