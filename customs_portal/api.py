"""The API under /api/: one router, its schema, and a page that shows the schema."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from clearance.api import AuditNoticeList, AuditPaper, CorrectionViewSet, DeclarationViewSet
from customs_portal.site.api_docs import api_docs
from declarations.api import FileContent, PaperContent, StockViewSet, TemplateViewSet, XmlContent
from machines.api import EventList, LendToken
from notifications.api import MessageViewSet
from payments import api as payments

router = DefaultRouter(use_regex_path=True)
router.include_root_view = False
router.include_format_suffixes = False
router.register("declarations", DeclarationViewSet, basename="api-declaration")
router.register("stock", StockViewSet, basename="api-stock")
router.register("templates", TemplateViewSet, basename="api-template")
router.register("corrections", CorrectionViewSet, basename="api-correction")
router.register("messages", MessageViewSet, basename="api-message")

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", api_docs, name="api-docs"),
    path("oauth/token/", LendToken.as_view(), name="oauth-token"),
    path("v1/files/<uuid:key>/", FileContent.as_view(), name="api-file"),
    path("v1/declarations/<str:key>/papers/<slug:kind>/", PaperContent.as_view(), name="api-paper"),
    path("v1/declarations/<str:key>/xml/", XmlContent.as_view(), name="api-xml"),
    path("v1/audits/", AuditNoticeList.as_view(), name="api-audits"),
    path("v1/audits/<uuid:key>/<slug:kind>/", AuditPaper.as_view(), name="api-audit-paper"),
    path("v1/events/", EventList.as_view(), name="api-events"),
    path("v1/", include("tariff_changes.api")),
    path("v1/", include("tariff_lookup.api")),
    path("v1/", include(router.urls)),
    path("v1/payments/accounts/", payments.AccountList.as_view(), name="api-accounts"),
    path("v1/payments/many/", payments.PayMany.as_view(), name="api-pay-many"),
    path("v1/payments/automatic/<str:tin>/", payments.AutoPaymentSetting.as_view(), name="api-auto-payment"),
    path("v1/payments/deferred-statements/", payments.DeferredStatementList.as_view(), name="api-deferred-statements"),
    path("v1/payments/", payments.PaymentList.as_view(), name="api-payments"),
    path("v1/payments/refunds/", payments.RefundList.as_view(), name="api-refunds"),
    path("v1/payments/refunds/<uuid:key>/", payments.RefundDetail.as_view(), name="api-refund"),
    path("v1/payments/refunds/<uuid:key>/withdraw/", payments.RefundWithdraw.as_view(), name="api-refund-withdraw"),
    path("v1/payments/refunds/<uuid:key>/papers/", payments.RefundPapers.as_view(), name="api-refund-papers"),
    path(
        "v1/payments/refunds/<uuid:key>/papers/<uuid:paper>/", payments.RefundPaper.as_view(), name="api-refund-paper"
    ),
    path("v1/payments/guarantees/", payments.GuaranteeList.as_view(), name="api-guarantees"),
    path("v1/payments/guarantees/<uuid:key>/", payments.GuaranteeDetail.as_view(), name="api-guarantee"),
    path("v1/payments/bank-accounts/", payments.BankAccountList.as_view(), name="api-bank-accounts"),
    path("v1/payments/pay-outs/", payments.PayOutList.as_view(), name="api-pay-outs"),
    path("v1/payments/pay-outs/<uuid:key>/cancel/", payments.PayOutCancel.as_view(), name="api-pay-out-cancel"),
    path("v1/declarations/<path:key>/refund/", payments.RefundOfDeclaration.as_view(), name="api-refund-new"),
    path("v1/declarations/<path:key>/pay/split/", payments.PaySplit.as_view(), name="api-split"),
    path("v1/declarations/<path:key>/pay/links/", payments.PayLinks.as_view(), name="api-pay-links"),
    path("v1/declarations/<path:key>/pay/", payments.PayDeclaration.as_view(), name="api-pay"),
]
