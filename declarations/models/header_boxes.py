"""The columns of the header, one for each row of `declarations.boxes.HEADER` (a test compares)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HeaderBoxes(models.Model):
    """Boxes of the general segment. Texts are empty and figures None until they are declared."""

    declaration_type = models.CharField(_("Declaration type"), max_length=3, blank=True)
    general_procedure = models.CharField(_("General procedure"), max_length=3, blank=True)
    transit_document_type = models.CharField(_("Transit document"), max_length=5, blank=True)
    office_code = models.CharField(_("Customs office"), max_length=8, blank=True)
    manifest_reference = models.CharField(_("Manifest"), max_length=35, blank=True)
    lrn = models.CharField(_("Reference number (LRN)"), max_length=35, blank=True)
    lrn_year = models.CharField(_("Year of the reference"), max_length=4, blank=True)
    loading_lists = models.PositiveIntegerField(_("Loading lists"), null=True, blank=True)
    total_packages = models.PositiveIntegerField(_("Total packages"), null=True, blank=True)
    exporter_code = models.CharField(_("Exporter's number"), max_length=20, blank=True)
    exporter_name = models.CharField(_("Exporter's name and address"), max_length=350, blank=True)
    consignee_code = models.CharField(_("Consignee's number"), max_length=20, blank=True)
    consignee_name = models.CharField(_("Consignee's name and address"), max_length=350, blank=True)
    financial_code = models.CharField(
        _("Number of the person responsible for payment"), max_length=20, blank=True
    )
    financial_name = models.CharField(_("Person responsible for payment"), max_length=350, blank=True)
    declarant_code = models.CharField(_("Declarant's number"), max_length=20, blank=True)
    declarant_name = models.CharField(_("Declarant's name and address"), max_length=350, blank=True)
    declarant_representative = models.CharField(_("Declarant's representative"), max_length=140, blank=True)
    last_consignment_country = models.CharField(_("Country of last consignment"), max_length=2, blank=True)
    trading_country = models.CharField(_("Trading country"), max_length=2, blank=True)
    value_details = models.CharField(_("Value details"), max_length=35, blank=True)
    cap = models.CharField(_("Agricultural policy"), max_length=35, blank=True)
    export_country = models.CharField(_("Country of export"), max_length=2, blank=True)
    export_region = models.CharField(_("Region of export"), max_length=35, blank=True)
    origin_country_name = models.CharField(_("Country of origin"), max_length=60, blank=True)
    destination_country = models.CharField(_("Country of destination"), max_length=2, blank=True)
    destination_region = models.CharField(_("Region of destination"), max_length=35, blank=True)
    additional_information = models.CharField(_("Additional information"), max_length=1000, blank=True)
    comments = models.CharField(_("Comments"), max_length=1000, blank=True)
    departure_identity = models.CharField(
        _("Means of transport at arrival or departure"), max_length=60, blank=True
    )
    departure_nationality = models.CharField(_("Its nationality"), max_length=2, blank=True)
    container_flag = models.BooleanField(_("Goods in containers"), default=False)
    single_waybill_flag = models.BooleanField(_("Single waybill"), default=False)
    delivery_terms_code = models.CharField(_("Delivery term"), max_length=3, blank=True)
    delivery_terms_place = models.CharField(_("Place of delivery"), max_length=60, blank=True)
    delivery_terms_situation = models.CharField(_("Situation of delivery"), max_length=35, blank=True)
    border_identity = models.CharField(_("Means of transport crossing the border"), max_length=60, blank=True)
    border_nationality = models.CharField(_("Its nationality"), max_length=2, blank=True)
    border_mode = models.CharField(_("Mode of transport at the border"), max_length=3, blank=True)
    inland_mode = models.CharField(_("Inland mode of transport"), max_length=3, blank=True)
    loading_place_code = models.CharField(_("Code of the place of loading"), max_length=17, blank=True)
    loading_place_name = models.CharField(_("Place of loading"), max_length=60, blank=True)
    loading_place_country = models.CharField(_("Country of loading"), max_length=60, blank=True)
    border_office_code = models.CharField(_("Office of entry or exit"), max_length=8, blank=True)
    location_of_goods = models.CharField(_("Location of goods"), max_length=60, blank=True)
    invoice_amount = models.DecimalField(
        _("Invoice total"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    invoice_currency = models.CharField(_("Invoice currency"), max_length=3, blank=True)
    transaction_nature_1 = models.CharField(_("Nature of transaction"), max_length=3, blank=True)
    transaction_nature_2 = models.CharField(
        _("Nature of transaction, second digit"), max_length=3, blank=True
    )
    bank_code = models.CharField(_("Bank code"), max_length=17, blank=True)
    bank_name = models.CharField(_("Bank"), max_length=140, blank=True)
    bank_branch = models.CharField(_("Branch of the bank"), max_length=140, blank=True)
    bank_reference = models.CharField(_("Bank's file number"), max_length=35, blank=True)
    payment_terms_code = models.CharField(_("Terms of payment"), max_length=5, blank=True)
    payment_terms_description = models.CharField(_("Terms of payment in words"), max_length=140, blank=True)
    deferred_payment_reference = models.CharField(_("Deferred payment account"), max_length=35, blank=True)
    mode_of_payment = models.CharField(_("Mode of payment"), max_length=60, blank=True)
    guarantee_name = models.CharField(_("Guarantee"), max_length=60, blank=True)
    guarantee_date = models.DateField(_("Date of the guarantee"), null=True, blank=True)
    guarantee_excluded_country = models.CharField(_("Guarantee not valid for"), max_length=2, blank=True)
    warehouse = models.CharField(_("Warehouse"), max_length=35, blank=True)
    warehouse_delay = models.PositiveIntegerField(_("Days in the warehouse"), null=True, blank=True)
    principal_code = models.CharField(_("Principal's number"), max_length=20, blank=True)
    principal_name = models.CharField(_("Principal's name and address"), max_length=350, blank=True)
    principal_representative = models.CharField(_("Principal's representative"), max_length=140, blank=True)
    transit_signature_place = models.CharField(
        _("Place of the principal's signature"), max_length=60, blank=True
    )
    transit_signature_date = models.DateField(_("Date of the principal's signature"), null=True, blank=True)
    transit_destination_office = models.CharField(_("Office of destination"), max_length=17, blank=True)
    transit_destination_country = models.CharField(
        _("Country of destination of the transit"), max_length=2, blank=True
    )
    seals_number = models.PositiveIntegerField(_("Seals"), null=True, blank=True)
    seals_identity = models.CharField(_("Identity of the seals"), max_length=60, blank=True)
    transit_control_result = models.CharField(_("Result of control"), max_length=35, blank=True)
    transit_time_limit = models.CharField(_("Time limit"), max_length=35, blank=True)
    transit_officer = models.CharField(_("Officer of departure"), max_length=140, blank=True)
    working_mode = models.PositiveIntegerField(_("How costs are shared among items"), null=True, blank=True)
    total_gross_mass = models.DecimalField(
        _("Total gross mass, kg"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    external_freight = models.DecimalField(
        _("External freight"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    external_freight_currency = models.CharField(
        _("Currency of the external freight"), max_length=3, blank=True
    )
    internal_freight = models.DecimalField(
        _("Internal freight"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    internal_freight_currency = models.CharField(
        _("Currency of the internal freight"), max_length=3, blank=True
    )
    insurance = models.DecimalField(_("Insurance"), max_digits=18, decimal_places=4, null=True, blank=True)
    insurance_currency = models.CharField(_("Currency of the insurance"), max_length=3, blank=True)
    other_cost = models.DecimalField(_("Other costs"), max_digits=18, decimal_places=4, null=True, blank=True)
    other_cost_currency = models.CharField(_("Currency of the other costs"), max_length=3, blank=True)
    deduction = models.DecimalField(_("Deductions"), max_digits=18, decimal_places=4, null=True, blank=True)
    deduction_currency = models.CharField(_("Currency of the deductions"), max_length=3, blank=True)
    declaration_place = models.CharField(_("Place of declaration"), max_length=60, blank=True)
    declaration_date = models.DateField(_("Date of declaration"), null=True, blank=True)

    class Meta:
        abstract = True
