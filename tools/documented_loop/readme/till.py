"""The till of the README in Python: its code, and what it leaves out."""

import sys

import secupos
from secupos import Action

README 2

ASKED_FOR = {
    Action.TAKE_SIGNATURE: "Bitte den Beleg unterschreiben lassen.",
    Action.TRY_AGAIN: "Ein neuer Versuch ist möglich.",
    Action.RECOVER_LATER: "Bitte später noch einmal fragen.",
    Action.LOOK_AT_TERMINAL: "Bitte auf das Kartengerät sehen.",
    Action.ASK_CASHIER: "Bitte klären: Was zeigen Beleg und Kasse?",
    Action.REFUND: "Bitte dem Kunden das Geld erstatten.",
    Action.COLLECT: "Bitte das Geld beim Kunden einziehen.",
    Action.COLLECT_REST: "Bitte den Rest kassieren: {} Cent.",
    Action.CALL_SUPPORT: "Bitte den Service rufen.",
}


def tell(payment):
    print(f"{payment.reference}, Versuch {payment.attempt}: {payment.cashier_text('de')}")


def todo(payment, action):
    if action is Action.PRINT_MERCHANT:
        print(payment.receipt(secupos.Copy.MERCHANT).text(), end="")
    elif action is Action.PRINT_CUSTOMER:
        print(payment.receipt(secupos.Copy.CUSTOMER).text(), end="")
    elif action in ASKED_FOR:
        print(">>", ASKED_FOR[action].format(payment.amount_due))


def book(payment):
    return True


base_url, client_id, client_secret, device_code, state_file, reference, attempt, cents = sys.argv[1:]
try:
README 1

except secupos.SecuposError as error:
    sys.exit(f"{error.cashier_text('de')}\n{error}")
