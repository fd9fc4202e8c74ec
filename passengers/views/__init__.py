"""Pages of travellers."""

from passengers.views.finding import find
from passengers.views.questions import all_questions, photo, question
from passengers.views.sending import cancel, receipt_pdf, review, standing
from passengers.views.start import begin, resume, start

__all__ = [
    "all_questions",
    "begin",
    "cancel",
    "find",
    "photo",
    "question",
    "receipt_pdf",
    "resume",
    "review",
    "standing",
    "start",
]
