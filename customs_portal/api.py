"""The API under /api/: one router, its schema, and pages that show the schema."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

from clearance.api import CorrectionViewSet, DeclarationViewSet
from declarations.api import StockViewSet
from notifications.api import MessageViewSet
from payments.api import (
    AccountList,
    AutoPaymentSetting,
    DeferredStatementList,
    PayDeclaration,
    PayLinks,
    PayMany,
    PaymentList,
    PaySplit,
)

router = DefaultRouter(use_regex_path=True)
router.include_root_view = False
router.include_format_suffixes = False
router.register("declarations", DeclarationViewSet, basename="api-declaration")
router.register("stock", StockViewSet, basename="api-stock")
router.register("corrections", CorrectionViewSet, basename="api-correction")
router.register("messages", MessageViewSet, basename="api-message")

# The pages that show the schema bring style elements of their own; nothing else is loosened, and only here.
_shown = csp_update({"style-src": [SELF, UNSAFE_INLINE]})

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", _shown(SpectacularSwaggerSplitView.as_view(url_name="api-schema")), name="api-docs"),
    path("v1/", include("tariff_changes.api")),
    path("v1/", include("tariff_lookup.api")),
    path("v1/", include(router.urls)),
    path("v1/payments/accounts/", AccountList.as_view(), name="api-accounts"),
    path("v1/payments/many/", PayMany.as_view(), name="api-pay-many"),
    path("v1/payments/automatic/<str:tin>/", AutoPaymentSetting.as_view(), name="api-auto-payment"),
    path("v1/payments/deferred-statements/", DeferredStatementList.as_view(), name="api-deferred-statements"),
    path("v1/payments/", PaymentList.as_view(), name="api-payments"),
    path("v1/declarations/<path:key>/pay/split/", PaySplit.as_view(), name="api-split"),
    path("v1/declarations/<path:key>/pay/links/", PayLinks.as_view(), name="api-pay-links"),
    path("v1/declarations/<path:key>/pay/", PayDeclaration.as_view(), name="api-pay"),
]
