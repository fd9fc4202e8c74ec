"""Pages of clearance: the trader's desk and files, the officers' queue, the check of a release note, release times."""

from django.urls import path

from clearance.views import actions, exits, officer, public, trader

urlpatterns = [
    path("desk/", trader.desk, name="desk"),
    path("declarations/", trader.declarations, name="declarations"),
    path("declarations/<uuid:key>/", trader.declaration, name="declaration"),
    path("declarations/<uuid:key>/answer/<int:query>/", trader.answer, name="answer"),
    path("declarations/<uuid:key>/release-note.pdf", trader.note, {"kind": "release_note"}, name="release_note"),
    path("declarations/<uuid:key>/exit-note.pdf", trader.note, {"kind": "exit_note"}, name="exit_note"),
    path("declarations/<uuid:key>/cancel/", trader.cancel, name="declaration_cancel"),
    path("queue/", officer.queue, name="queue"),
    path("queue/next/", actions.claim_next, name="claim_next"),
    path("queue/load/", officer.load, name="load"),
    path("queue/<uuid:key>/", officer.case, name="case"),
    path("queue/<uuid:key>/claim/", actions.claim, name="case_claim"),
    path("queue/<uuid:key>/give-back/", actions.give_back, name="case_give_back"),
    path("queue/<uuid:key>/ask/", actions.ask, name="case_ask"),
    path("queue/<uuid:key>/withdraw/", actions.withdraw, name="case_withdraw"),
    path("queue/<uuid:key>/examine/", actions.examine, name="case_examine"),
    path("queue/<uuid:key>/finding/<int:examination>/", actions.finding, name="case_finding"),
    path("queue/<uuid:key>/finish/<int:examination>/", actions.finish, name="case_finish"),
    path("queue/<uuid:key>/release/", actions.release, name="case_release"),
    path("queue/<uuid:key>/reject/", actions.reject, name="case_reject"),
    path("queue/<uuid:key>/reroute/", actions.reroute, name="case_reroute"),
    path("queue/<uuid:key>/allot/", actions.allot, name="case_allot"),
    path("verify/", public.verify, name="verify"),
    path("verify/<str:token>/", public.verify_token, name="verify_token"),
    path("verify/<str:token>/exit/", exits.confirm, name="confirm_exit"),
    path("verify/<str:token>/stay/", exits.refuse, name="refuse_exit"),
    path("exits/", exits.expected, name="exits"),
    path("release-times/", public.release_times, name="release_times"),
]
