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
from payments.forms.money import (
    AllotForm,
    AutoPaymentForm,
    DueForm,
    FindForm,
    KeyedForm,
    MoveForm,
    PayForm,
    PeriodForm,
    SplitForm,
    StatementFileForm,
    TopUpForm,
)

__all__ = [
    "AccountsForm",
    "AllotForm",
    "AutoPaymentForm",
    "BankAccountForm",
    "DayForm",
    "DueForm",
    "EntriesForm",
    "FindForm",
    "GuaranteeFilter",
    "GuaranteeForm",
    "GuaranteePaperForm",
    "KeyedForm",
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
    "SplitForm",
    "StatementFileForm",
    "TermsForm",
    "ToSenderForm",
    "TopUpForm",
]
