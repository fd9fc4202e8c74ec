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
from payments.forms.desk import AccountsForm, DayForm, EntriesForm, LimitForm, NoteForm, RevenueForm
from payments.forms.guarantees import GuaranteeFilter, GuaranteeForm, GuaranteePaperForm, TermsForm
from payments.forms.money import AllotForm, FindForm, MoveForm, PayForm, PeriodForm, StatementFileForm, TopUpForm

__all__ = [
    "AccountsForm",
    "AllotForm",
    "BankAccountForm",
    "DayForm",
    "EntriesForm",
    "FindForm",
    "GuaranteeFilter",
    "GuaranteeForm",
    "GuaranteePaperForm",
    "LimitForm",
    "MoveForm",
    "NoteForm",
    "PaperForm",
    "PayForm",
    "PayOutForm",
    "PeriodForm",
    "ReasonForm",
    "RefundDecisionForm",
    "RefundForm",
    "ReportForm",
    "RevenueForm",
    "StatementFileForm",
    "TermsForm",
    "ToSenderForm",
    "TopUpForm",
]
