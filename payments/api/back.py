"""The machine door to money that goes back: claims of refunds, companies' bank accounts (read only), pay-outs."""

import uuid
from typing import Any

from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.requests import person
from declarations.models import Declaration
from declarations.selectors import declaration_for
from lib.figures import ZERO
from lib.uploads import read_upload
from lib.violations import refuse
from payments import selectors, services
from payments.api.money import LatestFirst
from payments.models import BankAccount, MoneyPaper, PayOut, RefundClaim, RefundLine
from tariffs.models import RefundRule
from traders.models import Company

_LONGEST_KEY = 60
_ONCE = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="Up to 60 characters."
)


class RefundLineSerializer(serializers.ModelSerializer[RefundLine]):
    class Meta:
        model = RefundLine
        fields = ["tax_code", "claimed"]


class RefundClaimSerializer(serializers.ModelSerializer[RefundClaim]):
    """`due` is the day by which customs decides; `granted` and `grounds` are told once it is decided."""

    company = serializers.CharField(source="company.tin")
    ground = serializers.ChoiceField(source="kind", choices=RefundRule.Kind.choices)
    taxes = RefundLineSerializer(source="lines", many=True)
    granted = serializers.SerializerMethodField()
    grounds = serializers.SerializerMethodField()
    pay_out = serializers.SerializerMethodField()

    class Meta:
        model = RefundClaim
        fields = [
            "public_id", "number", "mrn", "company", "ground", "act", "amount", "taxes", "status", "sent_at", "due",
            "granted", "grounds", "ended_at", "pay_out",
        ]  # fmt: skip

    def get_granted(self, claim: RefundClaim) -> str | None:
        return str(claim.granted) if claim.status == RefundClaim.Status.GRANTED else None

    def get_grounds(self, claim: RefundClaim) -> str:
        return "" if claim.is_open else claim.advice_text

    def get_pay_out(self, claim: RefundClaim) -> str | None:
        return claim.pay_out.reference if hasattr(claim, "pay_out") else None


class MoneyPaperSerializer(serializers.ModelSerializer[MoneyPaper]):
    class Meta:
        model = MoneyPaper
        fields = ["public_id", "name", "content_type", "size", "sha256", "at"]


class PaperUploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField()


class ClaimedTaxSerializer(serializers.Serializer[Any]):
    tax_code = serializers.CharField(max_length=8)
    amount = serializers.DecimalField(max_digits=18, decimal_places=4)


class RefundRequestSerializer(serializers.Serializer[Any]):
    """Sums of taxes, or one `amount` and no taxes. Papers are added to the claim when it is made."""

    company = serializers.CharField(required=False, help_text="TIN of the company that paid, where several did.")
    ground = serializers.ChoiceField(choices=RefundRule.Kind.choices)
    reason = serializers.CharField(max_length=2000)
    taxes = ClaimedTaxSerializer(many=True, required=False)
    amount = serializers.DecimalField(max_digits=18, decimal_places=4, required=False)
    pay_to = serializers.UUIDField(required=False, help_text="A confirmed bank account of the company.")


class BankAccountSerializer(serializers.ModelSerializer[BankAccount]):
    company = serializers.CharField(source="company.tin")

    class Meta:
        model = BankAccount
        fields = [
            "public_id", "company", "number", "is_iban", "bank_code", "bank_name", "holder", "status", "added_at",
            "confirmed_at",
        ]  # fmt: skip


class PayOutSerializer(serializers.ModelSerializer[PayOut]):
    """`end_text` says why it was refused, cancelled or sent back by the bank."""

    company = serializers.CharField(source="company.tin")
    bank_account = serializers.UUIDField(source="bank_account.public_id")

    class Meta:
        model = PayOut
        fields = [
            "public_id", "reference", "company", "bank_account", "payee", "number", "amount", "currency", "status",
            "ordered_at", "ended_at", "end_text",
        ]  # fmt: skip


class PayOutRequestSerializer(serializers.Serializer[Any]):
    bank_account = serializers.UUIDField(help_text="A confirmed bank account; its company pays.")
    amount = serializers.DecimalField(max_digits=18, decimal_places=4)


class RefundList(ListAPIView[RefundClaim]):
    """Claims of every company the caller may pay for, latest first."""

    serializer_class = RefundClaimSerializer
    pagination_class = LatestFirst

    def get_queryset(self) -> Any:
        rows = selectors.claims_for(person(self.request), on=timezone.localdate())
        return rows.prefetch_related("lines")


class RefundDetail(RetrieveAPIView[RefundClaim]):
    """One claim."""

    serializer_class = RefundClaimSerializer

    def get_object(self) -> RefundClaim:
        return _own_claim(person(self.request), self.kwargs["key"])


class RefundWithdraw(APIView):
    """Take a claim back that is not decided."""

    @extend_schema(request=None, responses=RefundClaimSerializer)
    def post(self, request: Request, key: uuid.UUID) -> Response:
        user = person(request)
        services.withdraw_refund(_own_claim(user, key), by=user, at=timezone.now())
        return Response(RefundClaimSerializer(_own_claim(user, key)).data)


class RefundPapers(APIView):
    """The papers of a claim; a post adds one, as the field `file` of a form, while the claim is open."""

    parser_classes = [MultiPartParser]

    @extend_schema(responses=MoneyPaperSerializer(many=True))
    def get(self, request: Request, key: uuid.UUID) -> Response:
        return Response(MoneyPaperSerializer(_own_claim(person(request), key).papers.all(), many=True).data)

    @extend_schema(request={"multipart/form-data": PaperUploadSerializer}, responses={201: MoneyPaperSerializer})
    def post(self, request: Request, key: uuid.UUID) -> Response:
        user, upload = person(request), request.FILES.get("file")
        claim = _own_claim(user, key)
        if upload is None:
            raise refuse("F001", "file", _("Send a file."))
        name, content = str(upload.name or ""), read_upload(upload)
        made = services.add_refund_paper(claim, name=name, content=content, by=user, at=timezone.now())
        return Response(MoneyPaperSerializer(made).data, status=201)


class RefundPaper(APIView):
    """The content of a paper."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, key: uuid.UUID, paper: uuid.UUID) -> FileResponse:
        found = _own_claim(person(request), key).papers.filter(public_id=paper).first()
        if found is None:
            raise Http404
        answer = FileResponse(
            found.file.open("rb"), filename=found.name, content_type=found.content_type, as_attachment=True
        )
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


class RefundOfDeclaration(APIView):
    """Claim back what was paid for a declaration."""

    @extend_schema(
        request=RefundRequestSerializer,
        responses=RefundClaimSerializer,
        parameters=[
            OpenApiParameter("key", str, OpenApiParameter.PATH, description="Its id, its MRN or its customs number."),
            _ONCE,
        ],
    )
    def post(self, request: Request, key: str) -> Response:
        user, on = person(request), timezone.localdate()
        try:
            declaration = declaration_for(user, key, on=on)
        except Declaration.DoesNotExist as error:
            raise Http404 from error
        payers = selectors.payers_of(user, declaration, on=on)
        if not payers:
            raise Http404
        once = _once(request)
        asked = RefundRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        company = _company(payers, told.get("company"))
        wanted = services.Wanted(
            kind=told["ground"],
            reason=told["reason"],
            by_tax={each["tax_code"]: each["amount"] for each in told.get("taxes", [])},
            amount=told.get("amount", ZERO),
            pay_to=_bank_account(user, told["pay_to"], pointer="pay_to") if told.get("pay_to") else None,
        )
        made = services.claim_refund(
            declaration,
            company=company,
            wanted=wanted,
            by=user,
            at=timezone.now(),
            idempotency_key=f"api:{user.pk}:{declaration.pk}:{once}",
        )
        return Response(RefundClaimSerializer(made).data)


class BankAccountList(ListAPIView[BankAccount]):
    """Bank accounts of every company the caller may pay for. They are added and confirmed on the pages alone."""

    serializer_class = BankAccountSerializer
    pagination_class = None

    def get_queryset(self) -> Any:
        return selectors.bank_accounts_for(person(self.request), on=timezone.localdate())


class PayOutList(ListAPIView[PayOut]):
    """Pay-outs of every company the caller may pay for, latest first; a post orders one."""

    serializer_class = PayOutSerializer
    pagination_class = LatestFirst

    def get_queryset(self) -> Any:
        rows = selectors.pay_outs_for(person(self.request), on=timezone.localdate())
        return rows.select_related("bank_account")

    @extend_schema(request=PayOutRequestSerializer, responses=PayOutSerializer, parameters=[_ONCE])
    def post(self, request: Request) -> Response:
        user, once = person(request), _once(request)
        asked = PayOutRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        to = _bank_account(user, asked.validated_data["bank_account"], pointer="bank_account")
        made = services.order_pay_out(
            to.company,
            bank_account=to,
            amount=asked.validated_data["amount"],
            by=user,
            at=timezone.now(),
            idempotency_key=f"api-pay-out:{user.pk}:{once}",
        )
        return Response(PayOutSerializer(made).data)


class PayOutCancel(APIView):
    """Take a pay-out back that is in no payment file yet."""

    @extend_schema(request=None, responses=PayOutSerializer)
    def post(self, request: Request, key: uuid.UUID) -> Response:
        user, on = person(request), timezone.localdate()
        try:
            found = selectors.pay_outs_for(user, on=on).get(public_id=key)
        except PayOut.DoesNotExist as error:
            raise Http404 from error
        services.cancel_pay_out(found, by=user, at=timezone.now())
        return Response(PayOutSerializer(selectors.pay_outs_for(user, on=on).get(public_id=key)).data)


def _own_claim(user: User, key: uuid.UUID) -> RefundClaim:
    try:
        return selectors.claims_for(user, on=timezone.localdate()).get(public_id=key)
    except RefundClaim.DoesNotExist as error:
        raise Http404 from error


def _once(request: Request) -> str:
    once = request.headers.get("Idempotency-Key", "").strip()
    if not 0 < len(once) <= _LONGEST_KEY:
        raise refuse("P006", "", _("Send a header Idempotency-Key of up to 60 characters."))
    return str(once)


def _company(payers: list[Company], tin: str | None) -> Company:
    found = next((each for each in payers if tin is None or each.tin == tin), None)
    if found is None:
        raise refuse("P101", "company", _("Only an owner or payer of the company may do this."))
    return found


def _bank_account(user: User, key: uuid.UUID, *, pointer: str) -> BankAccount:
    found = selectors.bank_accounts_for(user, on=timezone.localdate()).filter(public_id=key).first()
    if found is None:
        raise refuse("P117", pointer, _("Choose a bank account that two people of the company confirmed."))
    return found
