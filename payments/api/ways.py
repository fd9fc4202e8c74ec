"""The machine door to the ways to pay: many at once, shares of accounts, automatic payment, statements, links.

Verbs take a header Idempotency-Key: the same key again pays nothing twice.
"""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.requests import person
from declarations.models import Declaration
from declarations.selectors import declaration_for
from lib.violations import refuse
from payments import selectors, services
from payments.api.money import LatestFirst, PaidSerializer, PaymentSerializer, account_named, once_for
from payments.models import Account, AutoPayment, DeferredStatement, PayLink
from traders.models import Company

ONCE = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="Up to 60 characters."
)  # fmt: skip
DECLARATION = OpenApiParameter("key", str, OpenApiParameter.PATH, description="Its id, its MRN or its customs number.")
COMPANY = OpenApiParameter("tin", str, OpenApiParameter.PATH, description="The company's TIN.")


class ViolationSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    pointer = serializers.CharField()
    sentence = serializers.CharField()


class PayManySerializer(serializers.Serializer[Any]):
    declarations = serializers.ListField(
        child=serializers.CharField(max_length=60),
        min_length=1,
        max_length=services.MOST_AT_ONCE,
        help_text="Ids, MRNs or customs numbers, in the order in which they are paid.",
    )
    account = serializers.IntegerField(help_text="An account's id.")


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of a declaration: it is paid where `violations` is empty."""

    asked = serializers.CharField()
    mrn = serializers.CharField()
    status = serializers.CharField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=4)
    violations = ViolationSerializer(many=True)


class PayMany(APIView):
    """Pay declarations from an account, each by itself: what cannot be paid is named and the rest is paid."""

    @extend_schema(request=PayManySerializer, responses=OutcomeSerializer(many=True), parameters=[ONCE])
    def post(self, request: Request) -> Response:
        user, once = person(request), once_for(request)
        asked = PayManySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        account = account_named(user, asked.validated_data["account"])
        assert account is not None, "It was named."
        names = list(dict.fromkeys(asked.validated_data["declarations"]))
        found = {name: declaration for name in names if (declaration := _payable(user, name))}
        done: dict[int, services.Done] = {}
        if found:
            unique = list({each.pk: each for each in found.values()}.values())
            paid = services.pay_many(
                unique, account=account, by=user, at=timezone.now(), idempotency_key=f"api-many:{user.pk}:{once}"
            )
            done = {each.declaration.pk: each for each in paid}
        return Response([_outcome(name, done[found[name].pk] if name in found else None) for name in names])


def _payable(user: User, name: str) -> Declaration | None:
    on = timezone.localdate()
    try:
        declaration = declaration_for(user, name, on=on)
    except Declaration.DoesNotExist:
        return None
    return declaration if selectors.may_pay(user, declaration, on=on) else None


def _outcome(name: str, done: services.Done | None) -> dict[str, Any]:
    if done is None:
        sentence = _("There is no declaration with this number that you may pay.")
        faults = [{"code": "P049", "pointer": "declarations", "sentence": sentence}]
        return {"asked": name, "mrn": "", "status": "", "amount": "0.0000", "violations": faults}
    row = {"asked": name, "mrn": done.declaration.mrn, "status": done.declaration.status, "amount": done.amount}
    return OutcomeSerializer({**row, "violations": [each.as_dict() for each in done.violations]}).data


class ShareSerializer(serializers.Serializer[Any]):
    account = serializers.IntegerField(help_text="An account's id.")
    amount = serializers.DecimalField(max_digits=18, decimal_places=4)


class SplitSerializer(serializers.Serializer[Any]):
    shares = ShareSerializer(many=True, help_text="At most one for each account.")


class PartPaidSerializer(PaidSerializer):
    due = serializers.DecimalField(max_digits=18, decimal_places=4, help_text="What is left to be paid.")


class PaySplit(APIView):
    """Take shares of what is due from accounts of one company; less than all is a part payment."""

    @extend_schema(request=SplitSerializer, responses=PartPaidSerializer, parameters=[DECLARATION, ONCE])
    def post(self, request: Request, key: str) -> Response:
        user = person(request)
        declaration = _payable(user, key)
        if declaration is None:
            raise Http404
        once = once_for(request)
        asked = SplitSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        shares: dict[Account, Any] = {}
        for share in asked.validated_data["shares"]:
            account = account_named(user, share["account"])
            if account is None or account in shares:
                raise refuse("P041", "shares", _("Name each account once."))
            shares[account] = share["amount"]
        paid = services.pay_split(
            declaration, shares=shares, by=user, at=timezone.now(), idempotency_key=f"api-split:{user.pk}:{once}"
        )
        made = PaymentSerializer(selectors.payments_of(paid), many=True).data
        return Response({"status": paid.status, "payments": made, "due": f"{selectors.due(paid):.4f}"})


class AutoPaymentSerializer(serializers.ModelSerializer[AutoPayment]):
    is_on = serializers.BooleanField()

    class Meta:
        model = AutoPayment
        fields = ["is_on", "source", "each", "daily", "at"]
        read_only_fields = ["at"]


class AutoPaymentSetting(APIView):
    """How a company pays by itself: whether, from which account, and how much at most."""

    @extend_schema(responses=AutoPaymentSerializer, parameters=[COMPANY])
    def get(self, request: Request, tin: str) -> Response:
        setting = selectors.auto_payment_of(_company(request, tin))
        if setting is None:
            raise Http404
        return Response(AutoPaymentSerializer(setting).data)

    @extend_schema(request=AutoPaymentSerializer, responses=AutoPaymentSerializer, parameters=[COMPANY])
    def put(self, request: Request, tin: str) -> Response:
        company = _company(request, tin)
        asked = AutoPaymentSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.set_auto_payment(company, by=person(request), at=timezone.now(), **asked.validated_data)
        return Response(AutoPaymentSerializer(made).data)


def _company(request: Request, tin: str) -> Company:
    try:
        return selectors.paying_companies(person(request), on=timezone.localdate()).get(tin=tin)
    except Company.DoesNotExist as error:
        raise Http404 from error


class DeferredStatementSerializer(serializers.ModelSerializer[DeferredStatement]):
    company = serializers.CharField(source="account.company.tin")
    open = serializers.SerializerMethodField(help_text="What of it is still to be paid.")

    class Meta:
        model = DeferredStatement
        fields = [
            "public_id", "number", "company", "first", "last", "carried", "used", "returned", "total", "due_on", "open",
        ]  # fmt: skip

    @extend_schema_field(serializers.DecimalField(max_digits=18, decimal_places=4))
    def get_open(self, statement: DeferredStatement) -> str:
        return f"{selectors.still_open(statement):.4f}"


class DeferredStatementList(ListAPIView[DeferredStatement]):
    """Statements of deferred payment of every company the caller may pay for, latest first."""

    serializer_class = DeferredStatementSerializer
    pagination_class = LatestFirst

    def get_queryset(self) -> Any:
        return selectors.deferred_statements_for(person(self.request), on=timezone.localdate())


class PayLinkSerializer(serializers.ModelSerializer[PayLink]):
    address = serializers.SerializerMethodField()

    class Meta:
        model = PayLink
        fields = ["address", "until"]

    @extend_schema_field(serializers.URLField())
    def get_address(self, link: PayLink) -> str:
        return services.link_address(link)


class PayLinks(APIView):
    """Links by which anybody who has one pays a declaration."""

    @extend_schema(responses=PayLinkSerializer(many=True), parameters=[DECLARATION])
    def get(self, request: Request, key: str) -> Response:
        declaration = _payable(person(request), key)
        if declaration is None:
            raise Http404
        found = selectors.pay_links_of(declaration, at=timezone.now())
        return Response(PayLinkSerializer(found, many=True).data)

    @extend_schema(request=None, responses={201: PayLinkSerializer}, parameters=[DECLARATION])
    def post(self, request: Request, key: str) -> Response:
        declaration = _payable(person(request), key)
        if declaration is None:
            raise Http404
        made = services.make_link(declaration, by=person(request), at=timezone.now())
        return Response(PayLinkSerializer(made).data, status=status.HTTP_201_CREATED)
