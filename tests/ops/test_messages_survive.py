"""A worker killed between writing a message and sending it: it goes out once, and is shown once."""

import re

from demo.accounts import PEOPLE
from tests.ops.test_faults import Api
from tests.stack import SWEEP_SECONDS, Stack, wait_for

AT_ONCE = """
INSERT INTO notifications_choice (user_id, kind, inbox, mail, sms)
SELECT id, 'money_due', true, 'at_once', false FROM accounts_user WHERE email = %s ON CONFLICT DO NOTHING
"""
DELIVERIES = """
SELECT delivery.status, message.id FROM notifications_delivery AS delivery
JOIN notifications_message AS message ON message.id = delivery.message_id
JOIN accounts_user AS person ON person.id = message.recipient_id
WHERE message.declaration_id = %s AND message.kind = 'money_due' AND person.email = %s
"""


def test_a_worker_killed_between_writing_and_sending_sends_after_all_and_once(stack: Stack) -> None:
    stack.mend()
    stack.rows(AT_ONCE, PEOPLE[0].email)
    api = Api(stack, stack.token(PEOPLE[0].email))
    stack.stop_clock()
    declaration = api.lodge()

    def deliveries() -> list[tuple[str, int]]:
        return stack.rows(DELIVERIES, declaration, PEOPLE[0].email)

    wait_for(deliveries, "the message to be written", explain=stack.tail)
    assert [status for status, _message in deliveries()] == ["waiting"], "nobody sends while beat is away"
    stack.kill("worker")
    stack.mend()
    wait_for(lambda: deliveries()[0][0] == "sent", "the message to go", seconds=SWEEP_SECONDS + 40, explain=stack.tail)
    ((_status, message),) = deliveries()
    assert len(re.findall(f"Message-ID: <message-{message}@", stack.log("worker"))) == 1
