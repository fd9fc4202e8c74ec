"""What the calculator's endpoint takes and gives, as the API's schema describes it."""

from typing import Any

from rest_framework import serializers

from lib.numbers import with_one_reading

MOST_ITEMS = 99
_AMOUNT = "A number not below zero, English or Russian notation."


class NumberText(serializers.CharField):
    """A number as a JSON number, or as a text that is read as people write it: `1.000` as a text is asked about."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        return text if type(data) is str else with_one_reading(text)


class CostsSerializer(serializers.Serializer[Any]):
    """Costs; an absent currency is the invoice's."""

    external_freight = NumberText(required=False, allow_blank=True, help_text="To the border.")
    external_freight_currency = serializers.CharField(required=False, allow_blank=True)
    insurance = NumberText(required=False, allow_blank=True)
    insurance_currency = serializers.CharField(required=False, allow_blank=True)
    internal_freight = NumberText(required=False, allow_blank=True)
    internal_freight_currency = serializers.CharField(required=False, allow_blank=True)
    other_cost = NumberText(required=False, allow_blank=True)
    other_cost_currency = serializers.CharField(required=False, allow_blank=True)
    deduction = NumberText(required=False, allow_blank=True)
    deduction_currency = serializers.CharField(required=False, allow_blank=True)


class ItemSerializer(CostsSerializer):
    """An item; its own costs count where `working_mode` is 2."""

    commodity_code = serializers.CharField(help_text="Commodity code.")
    item_price = NumberText(help_text=f"Price of the item in the invoice currency. {_AMOUNT}")
    origin_country = serializers.CharField(help_text="Country of origin, two letters.")
    proof = serializers.CharField(required=False, allow_blank=True, help_text="Document code of a proof of origin.")
    preference = serializers.CharField(required=False, allow_blank=True, help_text="Preference claimed (box 36).")
    quota_code = serializers.CharField(required=False, allow_blank=True, help_text="Tariff quota claimed (box 39).")
    national_procedure = serializers.CharField(
        required=False, allow_blank=True, help_text="National code of the procedure (box 37), such as 001."
    )
    net_mass = NumberText(required=False, allow_blank=True, help_text="Kilograms.")
    gross_mass = NumberText(required=False, allow_blank=True, help_text="Kilograms.")
    quantities = serializers.DictField(
        child=NumberText(), required=False, help_text="Unit code to quantity, such as {'LTR': '500'}."
    )


class CalculationSerializer(CostsSerializer):
    items = ItemSerializer(many=True, min_length=1, max_length=MOST_ITEMS)  # type: ignore[call-arg]
    invoice_currency = serializers.CharField(required=False, help_text="Invoice currency; USD if absent.")
    on = serializers.CharField(required=False, help_text="The date whose law applies; today if absent.")
    delivery_terms_code = serializers.CharField(
        required=False, allow_blank=True, help_text="Incoterms 2020, such as FOB."
    )
    extended_procedure = serializers.CharField(required=False, allow_blank=True, help_text="4000 if absent.")
    working_mode = serializers.ChoiceField(
        choices=["0", "1", "2"],
        required=False,
        help_text="Share costs by price (0), by gross mass (1), or not: each item has its own (2).",
    )


class RateFactSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    rate = serializers.CharField(help_text="National units for one unit of the currency.")
    since = serializers.DateField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class ChargeSerializer(serializers.Serializer[Any]):
    tax = serializers.CharField()
    name = serializers.CharField()
    base = serializers.CharField()
    rate = serializers.CharField(help_text="As the law writes it.")
    rate_in_words = serializers.CharField()
    amount = serializers.CharField()
    payable = serializers.BooleanField(help_text="False: secured by a guarantee.")
    part = serializers.ChoiceField(
        choices=["whole", "within", "beyond"], help_text="The part of an item within or beyond its quota."
    )
    formula = serializers.CharField()
    legal_basis = serializers.CharField()
    legal_act_link = serializers.CharField(allow_blank=True)
    is_example = serializers.BooleanField()
    exchange_rates = RateFactSerializer(many=True)


class PaperKindSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class ClaimedQuotaSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    volume = serializers.CharField()
    balance = serializers.CharField(help_text="What is left in the quota's period on the date.")


class ClaimSerializer(serializers.Serializer[Any]):
    """What an item would claim; all null or empty: the general rate."""

    document = serializers.CharField(allow_blank=True, help_text="Document code.")
    name = serializers.CharField(allow_blank=True, help_text="Name of the document.")
    preference = serializers.CharField(allow_blank=True)
    quota = ClaimedQuotaSerializer(allow_null=True)


class OptionSerializer(ClaimSerializer):
    total = serializers.CharField(allow_null=True, help_text="Charges of the item; null while something is missing.")
    saved = serializers.CharField(allow_null=True, help_text="Against the general rate.")
    covered = serializers.CharField(allow_null=True, help_text="What the quota covers, in its unit.")
    current = serializers.BooleanField()


class AppliedRestrictionSerializer(serializers.Serializer[Any]):
    prohibited = serializers.BooleanField()
    documents = PaperKindSerializer(many=True, help_text="One of these is needed.")
    items = serializers.ListField(child=serializers.IntegerField())
    note = serializers.CharField(allow_blank=True)
    legal_basis = serializers.CharField()
    legal_act_link = serializers.CharField(allow_blank=True)
    is_example = serializers.BooleanField()


class PapersSerializer(serializers.Serializer[Any]):
    invoice = PaperKindSerializer(many=True, help_text="One of these is needed.")
    transport = PaperKindSerializer(many=True, help_text="One of these is needed.")
    proofs = PaperKindSerializer(many=True, help_text="Those that are claimed.")
    restrictions = AppliedRestrictionSerializer(many=True)


class ItemResultSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    commodity_code = serializers.CharField()
    customs_value = serializers.CharField()
    statistical_value = serializers.CharField()
    formula = serializers.CharField(help_text="Of the customs value.")
    units = serializers.ListField(child=serializers.CharField(), help_text="Units in which a quantity is asked for.")
    total = serializers.CharField()
    charges = ChargeSerializer(many=True)
    options = OptionSerializer(many=True, help_text="The general rate and what may be claimed instead, if anything.")


class AlternativeSerializer(ClaimSerializer):
    items = serializers.ListField(child=serializers.IntegerField())
    payable = serializers.CharField()
    saved = serializers.CharField(help_text="Against this calculation.")


class NeedSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    pointer = serializers.CharField(help_text="The field of the request that is missing.")
    sentence = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)


class LackingSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField()
    sentence = serializers.CharField()


class TaxTotalSerializer(serializers.Serializer[Any]):
    tax = serializers.CharField()
    name = serializers.CharField()
    payable = serializers.CharField()
    guaranteed = serializers.CharField()


class ResultSerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    currency = serializers.CharField(help_text="National currency, in which every amount is.")
    customs_value = serializers.CharField()
    payable = serializers.CharField()
    guaranteed = serializers.CharField()
    complete = serializers.BooleanField(help_text="False while something in `needs` is missing.")
    needs = NeedSerializer(many=True)
    lacking = LackingSerializer(many=True, help_text="Costs that the price leaves out and the request does not name.")
    items = ItemResultSerializer(many=True)
    charges = ChargeSerializer(many=True, help_text="Charged on the whole declaration.")
    totals = TaxTotalSerializer(many=True, help_text="Tax by tax.")
    exchange_rates = RateFactSerializer(many=True, help_text="Those the customs value rests on.")
    alternatives = AlternativeSerializer(many=True, help_text="What would be cheaper, for all items it helps.")
    papers = PapersSerializer()
    link = serializers.CharField(
        allow_blank=True, help_text="The calculation as a page; empty where the page takes fewer items."
    )
