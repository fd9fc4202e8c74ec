"""Forms of the pages of money."""

from payments.forms.back import (
    BankAccountForm,
    PaperForm,
    PayOutForm,
    ReasonForm,
    RefundDecisionForm,
    RefundForm,
    ReportForm,
    ToSenderForm,
)
from payments.forms.money import AllotForm, FindForm, MoveForm, PayForm, PeriodForm, StatementFileForm, TopUpForm

__all__ = [
    "AllotForm",
    "BankAccountForm",
    "FindForm",
    "MoveForm",
    "PaperForm",
    "PayForm",
    "PayOutForm",
    "PeriodForm",
    "ReasonForm",
    "RefundDecisionForm",
    "RefundForm",
    "ReportForm",
    "StatementFileForm",
    "ToSenderForm",
    "TopUpForm",
]
