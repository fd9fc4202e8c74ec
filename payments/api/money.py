"""The machine door to money: accounts with balances, payments, and paying a declaration from an account."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.requests import person
from declarations.models import Declaration
from declarations.selectors import declaration_for
from lib.violations import refuse
from payments import selectors, services
from payments.models import Account, Payment

_LONGEST_KEY = 60


class AccountSerializer(serializers.ModelSerializer[Account]):
    """`available` is what may still be used: balance + limit - reserved."""

    company = serializers.CharField(source="company.tin")
    available = serializers.DecimalField(max_digits=18, decimal_places=4, read_only=True)

    class Meta:
        model = Account
        fields = ["id", "company", "kind", "currency", "balance", "limit", "reserved", "available"]


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    declaration = serializers.UUIDField(source="declaration.public_id")
    mrn = serializers.CharField(source="declaration.mrn")
    company = serializers.CharField(source="company.tin")
    receipt = serializers.SerializerMethodField()

    class Meta:
        model = Payment
        fields = ["public_id", "declaration", "mrn", "company", "amount", "means", "at", "receipt"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_receipt(self, payment: Payment) -> str | None:
        return payment.receipt.number if hasattr(payment, "receipt") else None


class PayRequestSerializer(serializers.Serializer[Any]):
    account = serializers.IntegerField(required=False, help_text="An account's id; by default the prepaid account.")


class PaidSerializer(serializers.Serializer[Any]):
    status = serializers.CharField()
    payments = PaymentSerializer(many=True)


class LatestFirst(CursorPagination):
    ordering = "-pk"


class AccountList(ListAPIView[Account]):
    """Accounts of every company the caller may pay for."""

    serializer_class = AccountSerializer
    pagination_class = None

    def get_queryset(self) -> Any:
        return selectors.accounts_for(person(self.request), on=timezone.localdate())


class PaymentList(ListAPIView[Payment]):
    """Payments of every company the caller may pay for, latest first."""

    serializer_class = PaymentSerializer
    pagination_class = LatestFirst

    def get_queryset(self) -> Any:
        return selectors.payments_for(person(self.request), on=timezone.localdate())


class PayDeclaration(APIView):
    """Pay what is due on a declaration from an account, in full or not at all."""

    @extend_schema(
        request=PayRequestSerializer,
        responses=PaidSerializer,
        parameters=[
            OpenApiParameter("key", str, OpenApiParameter.PATH, description="Its id, its MRN or its customs number."),
            OpenApiParameter(
                "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="Up to 60 characters."
            ),
        ],
    )
    def post(self, request: Request, key: str) -> Response:
        user, on = person(request), timezone.localdate()
        try:
            declaration = declaration_for(user, key, on=on)
        except Declaration.DoesNotExist as error:
            raise Http404 from error
        if not selectors.may_pay(user, declaration, on=on):
            raise Http404
        once = once_for(request)
        asked = PayRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        paid = services.pay_from_account(
            declaration,
            by=user,
            at=timezone.now(),
            idempotency_key=f"api:{user.pk}:{declaration.pk}:{once}",
            account=account_named(user, asked.validated_data.get("account")),
        )
        made = selectors.payments_of(paid)
        return Response({"status": paid.status, "payments": PaymentSerializer(made, many=True).data})


def once_for(request: Request) -> str:
    """The key of a request that is done once. Raises Rejected P006."""
    once = request.headers.get("Idempotency-Key", "").strip()
    if not 0 < len(once) <= _LONGEST_KEY:
        raise refuse("P006", "", _("Send a header Idempotency-Key of up to 60 characters."))
    return once


def account_named(user: User, pk: int | None) -> Account | None:
    """An account of a company that `user` may pay for; None where none is named. Raises Rejected P003."""
    if pk is None:
        return None
    try:
        return selectors.account_for(user, pk, on=timezone.localdate())
    except Account.DoesNotExist as error:
        raise refuse("P003", "account", _("You may not pay from this account.")) from error
