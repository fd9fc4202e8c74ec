"""Pages of companies, their members and mandates, of invitations, and of claims that officers decide on."""

from django.urls import path

from traders.views import claims, companies

urlpatterns = [
    path("companies/", companies.companies, name="companies"),
    path("companies/<slug:tin>/", companies.company, name="company"),
    path("companies/<slug:tin>/papers/", companies.add_paper, name="company_add_paper"),
    path("companies/<slug:tin>/members/", companies.invite, name="company_invite"),
    path("companies/<slug:tin>/members/<int:pk>/end/", companies.end_member, name="company_end_member"),
    path(
        "companies/<slug:tin>/invitations/<int:pk>/withdraw/",
        companies.withdraw_invitation,
        name="company_withdraw_invitation",
    ),
    path("companies/<slug:tin>/mandates/", companies.give_mandate, name="company_give_mandate"),
    path("companies/<slug:tin>/mandates/<int:pk>/revoke/", companies.revoke_mandate, name="company_revoke_mandate"),
    path("invitations/<str:token>/", companies.invitation, name="invitation"),
    path("papers/<uuid:key>/", companies.paper, name="claim_paper"),
    path("claims/", claims.claims, name="claims"),
    path("claims/<int:pk>/", claims.claim, name="claim"),
    path("claims/<int:pk>/decide/", claims.decide, name="claim_decide"),
]
