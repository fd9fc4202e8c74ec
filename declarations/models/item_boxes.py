"""The columns of an item, one for each row of `declarations.boxes.ITEM` (a test compares)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemBoxes(models.Model):
    """Boxes of one item. Masses in kilograms, prices in the invoice currency."""

    packages_number = models.DecimalField(
        _("Number of packages"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    packages_marks = models.CharField(_("Marks of packages"), max_length=140, blank=True)
    packages_marks_2 = models.CharField(_("Further marks"), max_length=140, blank=True)
    packages_kind = models.CharField(_("Kind of packages"), max_length=3, blank=True)
    delivery_terms_code = models.CharField(_("Delivery term of the item"), max_length=3, blank=True)
    delivery_terms_place = models.CharField(_("Place of delivery of the item"), max_length=60, blank=True)
    commodity_code = models.CharField(_("Commodity code"), max_length=11, blank=True)
    additional_code_2 = models.CharField(_("Second additional code"), max_length=8, blank=True)
    additional_code_3 = models.CharField(_("Third additional code"), max_length=8, blank=True)
    additional_code_4 = models.CharField(_("Fourth additional code"), max_length=35, blank=True)
    preference = models.CharField(_("Preference"), max_length=8, blank=True)
    extended_procedure = models.CharField(_("Procedure"), max_length=4, blank=True)
    national_procedure = models.CharField(_("National procedure"), max_length=4, blank=True)
    quota_code = models.CharField(_("Quota"), max_length=17, blank=True)
    supplementary_unit_1 = models.CharField(_("Supplementary unit"), max_length=4, blank=True)
    supplementary_quantity_1 = models.DecimalField(
        _("Supplementary quantity"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    supplementary_unit_2 = models.CharField(_("Second supplementary unit"), max_length=4, blank=True)
    supplementary_quantity_2 = models.DecimalField(
        _("Second supplementary quantity"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    supplementary_unit_3 = models.CharField(_("Third supplementary unit"), max_length=4, blank=True)
    supplementary_quantity_3 = models.DecimalField(
        _("Third supplementary quantity"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    item_price = models.DecimalField(_("Item price"), max_digits=18, decimal_places=4, null=True, blank=True)
    valuation_method = models.CharField(_("Valuation method"), max_length=2, blank=True)
    additional_information_code = models.CharField(_("Additional information code"), max_length=17, blank=True)
    tax_relief_code = models.CharField(_("Tax relief"), max_length=17, blank=True)
    origin_country = models.CharField(_("Country of origin"), max_length=2, blank=True)
    origin_region = models.CharField(_("Region of origin"), max_length=35, blank=True)
    tariff_description = models.CharField(_("Description in the tariff"), max_length=1000, blank=True)
    commercial_description = models.CharField(_("Description of goods"), max_length=1000, blank=True)
    summary_declaration = models.CharField(_("Transport document"), max_length=60, blank=True)
    summary_declaration_line = models.CharField(_("Line of the transport document"), max_length=17, blank=True)
    previous_document = models.CharField(_("Previous document"), max_length=60, blank=True)
    previous_warehouse = models.CharField(_("Previous warehouse"), max_length=35, blank=True)
    licence_number = models.CharField(_("Licence"), max_length=60, blank=True)
    licence_amount = models.DecimalField(
        _("Value taken from the licence"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    licence_quantity = models.DecimalField(
        _("Quantity taken from the licence"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    free_text_1 = models.CharField(_("Remark"), max_length=140, blank=True)
    free_text_2 = models.CharField(_("Second remark"), max_length=140, blank=True)
    gross_mass = models.DecimalField(_("Gross mass, kg"), max_digits=18, decimal_places=6, null=True, blank=True)
    net_mass = models.DecimalField(_("Net mass, kg"), max_digits=18, decimal_places=6, null=True, blank=True)
    rate_of_adjustment = models.DecimalField(
        _("Rate of adjustment"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    external_freight = models.DecimalField(
        _("External freight of the item"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    external_freight_currency = models.CharField(_("Its currency"), max_length=3, blank=True)
    internal_freight = models.DecimalField(
        _("Internal freight of the item"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    internal_freight_currency = models.CharField(_("Its currency"), max_length=3, blank=True)
    insurance = models.DecimalField(_("Insurance of the item"), max_digits=18, decimal_places=4, null=True, blank=True)
    insurance_currency = models.CharField(_("Its currency"), max_length=3, blank=True)
    other_cost = models.DecimalField(
        _("Other costs of the item"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    other_cost_currency = models.CharField(_("Its currency"), max_length=3, blank=True)
    deduction = models.DecimalField(_("Deductions of the item"), max_digits=18, decimal_places=4, null=True, blank=True)
    deduction_currency = models.CharField(_("Its currency"), max_length=3, blank=True)
    write_off_unit = models.CharField(_("Unit of the write-off"), max_length=4, blank=True)
    write_off_quantity = models.DecimalField(
        _("Quantity of the write-off"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    supplier_link = models.CharField(_("Supplier's invoice"), max_length=17, blank=True)

    class Meta:
        abstract = True
