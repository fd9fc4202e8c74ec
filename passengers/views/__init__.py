"""Pages of travellers."""

from passengers.views.finding import find
from passengers.views.questions import all_questions, photo, question
from passengers.views.sending import cancel, review, standing
from passengers.views.start import begin, resume, start

__all__ = [
    "all_questions",
    "begin",
    "cancel",
    "find",
    "photo",
    "question",
    "resume",
    "review",
    "standing",
    "start",
]
