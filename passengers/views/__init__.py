"""Pages of travellers."""

from passengers.views.choosing import choose
from passengers.views.finding import find
from passengers.views.nothing import nothing
from passengers.views.offline import shell, worker
from passengers.views.questions import all_questions, photo, question
from passengers.views.sending import cancel, receipt_pdf, review, standing
from passengers.views.start import begin, forget, resume, start

__all__ = [
    "all_questions",
    "begin",
    "cancel",
    "choose",
    "find",
    "forget",
    "nothing",
    "photo",
    "question",
    "receipt_pdf",
    "resume",
    "review",
    "shell",
    "standing",
    "start",
    "worker",
]
