"""The header of the declaration: every element of the general segment of the SAD."""

from django.utils.translation import gettext_lazy as _

from declarations.boxes.box import Box

# A table: one row for each element, in the order of the columns of `Box`.
# fmt: off

HEADER: tuple[Box, ...] = (
    Box(
        "declaration_type", "1", _("Declaration type"), "Identification/Type/Type_of_declaration",
        "code", 3, "procedure", codes="declaration_type", wco="Declaration/TypeCode", risk=True,
    ),
    Box(
        "general_procedure", "1", _("General procedure"), "Identification/Type/Declaration_gen_procedure_code",
        "code", 3, "procedure", codes="general_procedure", risk=True,
    ),
    Box(
        "transit_document_type", "1", _("Transit document"), "Identification/Type/Type_of_transit_document",
        "code", 5, "procedure",
    ),
    Box(
        "office_code", "A", _("Customs office"), "Identification/Office_segment/Customs_clearance_office_code",
        "code", 8, "procedure", codes="office", wco="Declaration/DeclarationOfficeID", risk=True,
    ),
    Box(
        "manifest_reference", "A", _("Manifest"), "Identification/Manifest_reference_number",
        "text", 35, "transport",
    ),
    Box(
        "lrn", "7", _("Reference number (LRN)"), "Declarant/Reference/Number",
        "text", 35, "procedure", wco="Declaration/FunctionalReferenceID",
    ),
    Box("lrn_year", "7", _("Year of the reference"), "Declarant/Reference/Year", "text", 4, "procedure"),
    Box(
        "loading_lists", "4", _("Loading lists"), "Property/Nbers/Number_of_loading_lists",
        "integer", 5, "procedure",
    ),
    Box(
        "total_packages", "6", _("Total packages"), "Property/Nbers/Total_number_of_packages",
        "integer", 9, "transport", wco="Declaration/TotalPackageQuantity", risk=True,
    ),
    Box(
        "exporter_code", "2", _("Exporter's number"), "Traders/Exporter/Exporter_code",
        "code", 20, "parties", wco="Declaration/Exporter/ID",
    ),
    Box(
        "exporter_name", "2", _("Exporter's name and address"), "Traders/Exporter/Exporter_name",
        "lines", 350, "parties", wco="Declaration/Exporter/Name", risk=True,
    ),
    Box(
        "consignee_code", "8", _("Consignee's number"), "Traders/Consignee/Consignee_code",
        "code", 20, "parties", wco="Declaration/Importer/ID", risk=True,
    ),
    Box(
        "consignee_name", "8", _("Consignee's name and address"), "Traders/Consignee/Consignee_name",
        "lines", 350, "parties", wco="Declaration/Importer/Name",
    ),
    Box(
        "financial_code", "9", _("Number of the person responsible for payment"), "Traders/Financial/Financial_code",
        "code", 20, "parties",
    ),
    Box(
        "financial_name", "9", _("Person responsible for payment"), "Traders/Financial/Financial_name",
        "lines", 350, "parties",
    ),
    Box(
        "declarant_code", "14", _("Declarant's number"), "Declarant/Declarant_code",
        "code", 20, "parties", wco="Declaration/Declarant/ID", risk=True,
    ),
    Box(
        "declarant_name", "14", _("Declarant's name and address"), "Declarant/Declarant_name",
        "lines", 350, "parties", wco="Declaration/Declarant/Name",
    ),
    Box(
        "declarant_representative", "54", _("Declarant's representative"), "Declarant/Declarant_representative",
        "text", 140, "parties",
    ),
    Box(
        "last_consignment_country", "10", _("Country of last consignment"),
        "General_information/Country/Country_first_destination",
        "code", 2, "transport", codes="country",
    ),
    Box(
        "trading_country", "11", _("Trading country"), "General_information/Country/Trading_country",
        "code", 2, "transport", codes="country", risk=True,
    ),
    Box("value_details", "12", _("Value details"), "General_information/Value_details", "text", 35, "value"),
    Box("cap", "13", _("Agricultural policy"), "General_information/CAP", "text", 35, "value"),
    Box(
        "export_country", "15", _("Country of export"), "General_information/Country/Export/Export_country_code",
        "code", 2, "transport", codes="country", wco="Declaration/GoodsShipment/ExportCountry/ID", risk=True,
    ),
    Box(
        "export_region", "15b", _("Region of export"), "General_information/Country/Export/Export_country_region",
        "text", 35, "transport",
    ),
    Box(
        "origin_country_name", "16", _("Country of origin"), "General_information/Country/Country_of_origin_name",
        "text", 60, "transport",
    ),
    Box(
        "destination_country", "17", _("Country of destination"),
        "General_information/Country/Destination/Destination_country_code",
        "code", 2, "transport", codes="country", wco="Declaration/GoodsShipment/Destination/CountryCode", risk=True,
    ),
    Box(
        "destination_region", "17b", _("Region of destination"),
        "General_information/Country/Destination/Destination_country_region",
        "text", 35, "transport",
    ),
    Box(
        "additional_information", "44", _("Additional information"), "General_information/Additional_information",
        "lines", 1000, "documents",
    ),
    Box(
        "comments", "44", _("Comments"), "General_information/Comments_free_text", "lines", 1000, "documents"
    ),
    Box(
        "departure_identity", "18", _("Means of transport at arrival or departure"),
        "Transport/Means_of_transport/Departure_arrival_information/Identity",
        "text", 60, "transport", wco="Declaration/GoodsShipment/Consignment/ArrivalTransportMeans/ID", risk=True,
    ),
    Box(
        "departure_nationality", "18", _("Its nationality"),
        "Transport/Means_of_transport/Departure_arrival_information/Nationality",
        "code", 2, "transport", codes="country", risk=True,
    ),
    Box(
        "container_flag", "19", _("Goods in containers"), "Transport/Container_flag",
        "flag", 1, "transport", wco="Declaration/GoodsShipment/Consignment/ContainerCode", risk=True,
    ),
    Box(
        "single_waybill_flag", "19", _("Single waybill"), "Transport/Single_waybill_flag",
        "flag", 1, "transport",
    ),
    Box(
        "delivery_terms_code", "20", _("Delivery term"), "Transport/Delivery_terms/Code",
        "code", 3, "value", codes="delivery_term", wco="Declaration/GoodsShipment/TradeTerms/ConditionCode", risk=True,
    ),
    Box(
        "delivery_terms_place", "20", _("Place of delivery"), "Transport/Delivery_terms/Place",
        "text", 60, "value", wco="Declaration/GoodsShipment/TradeTerms/LocationName",
    ),
    Box(
        "delivery_terms_situation", "20", _("Situation of delivery"), "Transport/Delivery_terms/Situation",
        "text", 35, "value",
    ),
    Box(
        "border_identity", "21", _("Means of transport crossing the border"),
        "Transport/Means_of_transport/Border_information/Identity",
        "text", 60, "transport", wco="Declaration/BorderTransportMeans/ID", risk=True,
    ),
    Box(
        "border_nationality", "21", _("Its nationality"), "Transport/Means_of_transport/Border_information/Nationality",
        "code", 2, "transport", codes="country", wco="Declaration/BorderTransportMeans/RegistrationNationalityCode",
        risk=True,
    ),
    Box(
        "border_mode", "25", _("Mode of transport at the border"),
        "Transport/Means_of_transport/Border_information/Mode",
        "code", 3, "transport", codes="transport_mode", wco="Declaration/BorderTransportMeans/ModeCode", risk=True,
    ),
    Box(
        "inland_mode", "26", _("Inland mode of transport"), "Transport/Means_of_transport/Inland_mode_of_transport",
        "code", 3, "transport", codes="transport_mode",
        wco="Declaration/GoodsShipment/Consignment/DepartureTransportMeans/ModeCode",
    ),
    Box(
        "loading_place_code", "27", _("Code of the place of loading"), "Transport/Place_of_loading/Code",
        "code", 17, "transport", wco="Declaration/GoodsShipment/Consignment/LoadingLocation/ID",
    ),
    Box(
        "loading_place_name", "27", _("Place of loading"), "Transport/Place_of_loading/Name",
        "text", 60, "transport",
    ),
    Box(
        "loading_place_country", "27", _("Country of loading"), "Transport/Place_of_loading/Country",
        "text", 60, "transport",
    ),
    Box(
        "border_office_code", "29", _("Office of entry or exit"), "Transport/Border_office/Code",
        "code", 8, "transport", codes="office", wco="Declaration/ExitOffice/ID", risk=True,
    ),
    Box(
        "location_of_goods", "30", _("Location of goods"), "Transport/Location_of_goods",
        "text", 60, "transport", wco="Declaration/GoodsShipment/Consignment/GoodsLocation/ID", risk=True,
    ),
    Box(
        "invoice_amount", "22", _("Invoice total"), "Valuation/Gs_Invoice/Amount_foreign_currency",
        "amount", 18, "value", wco="Declaration/InvoiceAmount", risk=True,
    ),
    Box(
        "invoice_currency", "22", _("Invoice currency"), "Valuation/Gs_Invoice/Currency_code",
        "code", 3, "value", codes="currency", wco="Declaration/InvoiceAmount/@currencyID", risk=True,
    ),
    Box(
        "transaction_nature_1", "24", _("Nature of transaction"), "Financial/Financial_transaction/code1",
        "code", 3, "value", wco="Declaration/GoodsShipment/TransactionNatureCode", risk=True,
    ),
    Box(
        "transaction_nature_2", "24", _("Nature of transaction, second digit"), "Financial/Financial_transaction/code2",
        "code", 3, "value",
    ),
    Box("bank_code", "28", _("Bank code"), "Financial/Bank/Code", "code", 17, "payment"),
    Box("bank_name", "28", _("Bank"), "Financial/Bank/Name", "text", 140, "payment"),
    Box("bank_branch", "28", _("Branch of the bank"), "Financial/Bank/Branch", "text", 140, "payment"),
    Box("bank_reference", "28", _("Bank's file number"), "Financial/Bank/Reference", "text", 35, "payment"),
    Box("payment_terms_code", "28", _("Terms of payment"), "Financial/Terms/Code", "code", 5, "payment"),
    Box(
        "payment_terms_description", "28", _("Terms of payment in words"), "Financial/Terms/Description",
        "text", 140, "payment",
    ),
    Box(
        "deferred_payment_reference", "48", _("Deferred payment account"), "Financial/Deffered_payment_reference",
        "text", 35, "payment",
    ),
    Box("mode_of_payment", "B", _("Mode of payment"), "Financial/Mode_of_payment", "text", 60, "payment"),
    Box(
        "guarantee_name", "52", _("Guarantee"), "Financial/Guarantee/Name",
        "text", 60, "payment", wco="Declaration/ObligationGuarantee/ReferenceID",
    ),
    Box(
        "guarantee_date", "52", _("Date of the guarantee"), "Financial/Guarantee/Date", "date", 10, "payment"
    ),
    Box(
        "guarantee_excluded_country", "52", _("Guarantee not valid for"), "Financial/Guarantee/Excluded_country/Code",
        "code", 2, "payment", codes="country",
    ),
    Box(
        "warehouse", "49", _("Warehouse"), "Warehouse/Identification",
        "text", 35, "transport", wco="Declaration/GoodsShipment/Warehouse/ID", risk=True,
    ),
    Box("warehouse_delay", "49", _("Days in the warehouse"), "Warehouse/Delay", "integer", 5, "transport"),
    Box("principal_code", "50", _("Principal's number"), "Transit/Principal/Code", "code", 20, "transit"),
    Box(
        "principal_name", "50", _("Principal's name and address"), "Transit/Principal/Name",
        "lines", 350, "transit",
    ),
    Box(
        "principal_representative", "50", _("Principal's representative"), "Transit/Principal/Representative",
        "text", 140, "transit",
    ),
    Box(
        "transit_signature_place", "50", _("Place of the principal's signature"), "Transit/Signature/Place",
        "text", 60, "transit",
    ),
    Box(
        "transit_signature_date", "50", _("Date of the principal's signature"), "Transit/Signature/Date",
        "date", 10, "transit",
    ),
    Box(
        "transit_destination_office", "53", _("Office of destination"), "Transit/Destination/Office",
        "code", 17, "transit",
    ),
    Box(
        "transit_destination_country", "53", _("Country of destination of the transit"), "Transit/Destination/Country",
        "code", 2, "transit", codes="country",
    ),
    Box("seals_number", "D", _("Seals"), "Transit/Seals/Number", "integer", 5, "transit"),
    Box("seals_identity", "D", _("Identity of the seals"), "Transit/Seals/Identity", "text", 60, "transit"),
    Box(
        "transit_control_result", "D", _("Result of control"), "Transit/Result_of_control",
        "text", 35, "transit",
    ),
    Box("transit_time_limit", "D", _("Time limit"), "Transit/Time_limit", "text", 35, "transit"),
    Box("transit_officer", "D", _("Officer of departure"), "Transit/Officer_name", "text", 140, "transit"),
    Box(
        "working_mode", "45", _("How costs are shared among items"), "Valuation/Calculation_working_mode",
        "integer", 1, "value", codes="working_mode",
    ),
    Box(
        "total_gross_mass", "35", _("Total gross mass, kg"), "Valuation/Weight/Gross_weight",
        "quantity", 18, "value", wco="Declaration/TotalGrossMassMeasure", risk=True,
    ),
    Box(
        "external_freight", "12", _("External freight"), "Valuation/Gs_external_freight/Amount_foreign_currency",
        "amount", 18, "value", risk=True,
    ),
    Box(
        "external_freight_currency", "12", _("Currency of the external freight"),
        "Valuation/Gs_external_freight/Currency_code",
        "code", 3, "value", codes="currency",
    ),
    Box(
        "internal_freight", "12", _("Internal freight"), "Valuation/Gs_internal_freight/Amount_foreign_currency",
        "amount", 18, "value",
    ),
    Box(
        "internal_freight_currency", "12", _("Currency of the internal freight"),
        "Valuation/Gs_internal_freight/Currency_code",
        "code", 3, "value", codes="currency",
    ),
    Box(
        "insurance", "12", _("Insurance"), "Valuation/Gs_insurance/Amount_foreign_currency",
        "amount", 18, "value", risk=True,
    ),
    Box(
        "insurance_currency", "12", _("Currency of the insurance"), "Valuation/Gs_insurance/Currency_code",
        "code", 3, "value", codes="currency",
    ),
    Box(
        "other_cost", "12", _("Other costs"), "Valuation/Gs_other_cost/Amount_foreign_currency",
        "amount", 18, "value",
    ),
    Box(
        "other_cost_currency", "12", _("Currency of the other costs"), "Valuation/Gs_other_cost/Currency_code",
        "code", 3, "value", codes="currency",
    ),
    Box(
        "deduction", "12", _("Deductions"), "Valuation/Gs_deduction/Amount_foreign_currency",
        "amount", 18, "value",
    ),
    Box(
        "deduction_currency", "12", _("Currency of the deductions"), "Valuation/Gs_deduction/Currency_code",
        "code", 3, "value", codes="currency",
    ),
    Box(
        "declaration_place", "54", _("Place of declaration"), "Property/Place_of_declaration",
        "text", 60, "procedure",
    ),
    Box(
        "declaration_date", "54", _("Date of declaration"), "Property/Date_of_declaration",
        "date", 10, "procedure",
    ),
)
