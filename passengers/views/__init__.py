"""Pages of travellers."""

from passengers.views.choosing import choose
from passengers.views.finding import find
from passengers.views.kiosk import kiosk, kiosk_switch
from passengers.views.nothing import nothing
from passengers.views.offline import shell, worker
from passengers.views.questions import all_questions, photo, question
from passengers.views.receipts import receipt_pdf, receipt_picture, slip, wallet_pdf
from passengers.views.sending import cancel, review, standing
from passengers.views.start import begin, forget, resume, start

__all__ = [
    "all_questions",
    "begin",
    "cancel",
    "choose",
    "find",
    "forget",
    "kiosk",
    "kiosk_switch",
    "nothing",
    "photo",
    "question",
    "receipt_pdf",
    "receipt_picture",
    "resume",
    "review",
    "shell",
    "slip",
    "standing",
    "start",
    "wallet_pdf",
    "worker",
]
