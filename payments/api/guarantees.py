"""The machine door to guarantees: what each secures, how much room it has, what holds it since when and until when."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import person
from payments import selectors
from payments.api.money import LatestFirst
from payments.models import Guarantee


class GuaranteeSerializer(serializers.ModelSerializer[Guarantee]):
    """`available` is what it can still hold. A deposit has no guarantor and no last day."""

    company = serializers.CharField(source="account.company.tin")
    currency = serializers.CharField(source="account.currency")
    limit = serializers.DecimalField(source="account.limit", max_digits=18, decimal_places=4)
    balance = serializers.DecimalField(source="account.balance", max_digits=18, decimal_places=4)
    reserved = serializers.DecimalField(source="account.reserved", max_digits=18, decimal_places=4)
    available = serializers.DecimalField(source="account.available", max_digits=18, decimal_places=4)
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = Guarantee
        fields = [
            "public_id", "company", "form", "scope", "guarantor", "reference", "mrn", "valid_from", "valid_to",
            "in_force", "currency", "limit", "balance", "reserved", "available",
        ]  # fmt: skip

    def get_in_force(self, guarantee: Guarantee) -> bool:
        return selectors.in_force(guarantee, on=timezone.localdate())


class HoldSerializer(serializers.Serializer[Any]):
    """What it holds for a declaration; `due` is the day by which the goods are to be accounted for."""

    mrn = serializers.CharField(source="reservation.mrn")
    declaration = serializers.UUIDField(source="declaration.public_id")
    amount = serializers.DecimalField(source="reservation.amount", max_digits=18, decimal_places=4)
    since = serializers.DateTimeField(allow_null=True)
    due = serializers.DateField(allow_null=True)
    overdue = serializers.BooleanField()
    freed = serializers.DecimalField(max_digits=18, decimal_places=4)
    called = serializers.DecimalField(max_digits=18, decimal_places=4)


class GuaranteeWithHoldsSerializer(GuaranteeSerializer):
    holds = serializers.SerializerMethodField()

    class Meta(GuaranteeSerializer.Meta):
        fields = [*GuaranteeSerializer.Meta.fields, "holds"]

    @extend_schema_field(HoldSerializer(many=True))
    def get_holds(self, guarantee: Guarantee) -> Any:
        held = selectors.holds_of(guarantee)[:MOST_HOLDS]
        return HoldSerializer(selectors.explained(held, on=timezone.localdate()), many=True).data


MOST_HOLDS = 1000


class GuaranteeList(ListAPIView[Guarantee]):
    """Guarantees of every company the caller may pay for, latest first."""

    serializer_class = GuaranteeSerializer
    pagination_class = LatestFirst

    def get_queryset(self) -> Any:
        return selectors.guarantees_visible_to(person(self.request), on=timezone.localdate())


class GuaranteeDetail(APIView):
    """One guarantee, with what it holds, the oldest first; the first thousand declarations."""

    @extend_schema(responses=GuaranteeWithHoldsSerializer)
    def get(self, request: Request, key: Any) -> Response:
        try:
            found = selectors.guarantee_by_key(person(request), key, on=timezone.localdate())
        except Guarantee.DoesNotExist as error:
            raise Http404 from error
        return Response(GuaranteeWithHoldsSerializer(found).data)
