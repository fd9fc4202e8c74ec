"""The content security policy: that of the settings, loosened in the admin by what its pages cannot do without."""

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

# The admin's pages (unfold) bring attributes of style, and expressions that their script (Alpine) evaluates. No script
# but our own files runs there either.
_ADMIN = {"style-src": [SELF, UNSAFE_INLINE], "script-src": [SELF, UNSAFE_EVAL]}


class PolicyMiddleware(CSPMiddleware):
    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """What is sent with an answer."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/"):
            parts.replace = {**_ADMIN, **(parts.replace or {})}
        return parts
