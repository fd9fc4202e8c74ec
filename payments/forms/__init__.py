"""Forms of the pages of money."""

from payments.forms.money import AllotForm, FindForm, MoveForm, PayForm, PeriodForm, StatementFileForm, TopUpForm

__all__ = ["AllotForm", "FindForm", "MoveForm", "PayForm", "PeriodForm", "StatementFileForm", "TopUpForm"]
