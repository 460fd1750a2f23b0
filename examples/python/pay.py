r"""Takes 0.01 EUR at the terminal and prints both receipts.

    PYTHONPATH=bindings/python/src python3 examples/python/pay.py --state-file till.state \
        --base-url http://127.0.0.1:8080 --client-id … --client-secret … [--device-code …]

Kill it while the customer stands at the terminal and start it again: it tells what became of the payment.
"""

import argparse
import datetime
import sys

import secupos
from secupos import Action, Copy, Outcome, Reversal

arguments = argparse.ArgumentParser(description="Takes 0.01 EUR at the terminal.")
arguments.add_argument("--base-url", required=True)
arguments.add_argument("--client-id", required=True)
arguments.add_argument("--client-secret", required=True)
arguments.add_argument("--device-code", help="log in as this registered device")
arguments.add_argument("--state-file", required=True, help="where the till remembers its payments")
arguments.add_argument("--reference", help="the till's number for the sale; by default the time")
given = arguments.parse_args()


ASKS = {
    Action.TAKE_SIGNATURE: "The customer signs the merchant's receipt.",
    Action.TRY_AGAIN: "Another attempt may be offered.",
    Action.RECOVER_LATER: "Ask again later.",
    Action.LOOK_AT_TERMINAL: "Look at the terminal.",
    Action.ASK_CASHIER: "Is there a slip? What is booked?",
    # These are told once, as is COLLECT_REST: whoever does them twice pays twice.
    Action.REFUND: "Give the money back.",
    Action.COLLECT: "Collect the money.",
    Action.CALL_SUPPORT: "Call the support.",
}


def finish(till: secupos.Till, payment: secupos.Payment) -> None:
    """Shows what became of a payment, does what is to be done next, and books it."""
    print(f"outcome: {payment.outcome}")
    print(payment.cashier_text("en"))
    for action in payment.next_actions:  # in this order: a till needs no decision table
        if action is Action.PRINT_MERCHANT:
            print("-" * 42 + "\n" + payment.receipt(Copy.MERCHANT).text(columns=42), end="")
        elif action is Action.PRINT_CUSTOMER:
            print("-" * 42 + "\n" + payment.receipt(Copy.CUSTOMER).text(columns=42), end="")
        elif action is Action.COLLECT_REST:
            print(f">> Collect the rest in another way, or under a new reference: {payment.amount_due} cents.")
        elif action is not Action.CHECK_UNFINISHED:  # that is done when this payment is
            print(f">> {ASKS[action]}")
    print("-" * 42)
    print(f"signature: {payment.signature}")
    print(f"receipt number on the slip: {payment.receipt(Copy.MERCHANT).field('receipt_no') or 'none'}")
    print(f"receipt number: {payment.receipt_number or 0}", flush=True)
    # A till books it here, by reference and attempt. Only then, unless the money is on its way back:
    if payment.reversal is not Reversal.UNKNOWN and (
        payment.outcome in (Outcome.APPROVED, Outcome.REVERSED) or payment.conflict
    ):
        till.acknowledge(payment)


def finish_what_was_left(till: secupos.Till) -> list[str]:
    """What was left open, because a run was killed or the power failed. Starts nothing.

    Gives the references of what was paid.
    """
    left = till.recover_all(60)
    for payment in left:
        print(f">> Left open earlier: {payment.reference}")
        finish(till, payment)
    return [payment.reference for payment in left if payment.outcome is Outcome.APPROVED]


config = secupos.Config(
    base_url=given.base_url,
    client_id=given.client_id,
    client_secret=given.client_secret,
    device_code=given.device_code,
    state_file=given.state_file,
    create_state_file=True,  # a real till makes it once, when it is set up; here each run may be the first
)
reference = given.reference or datetime.datetime.now().strftime("%Y-%m-%d/%H%M%S.%f")
sale = secupos.Sale(reference, amount=1, currency="EUR")
sale.add_item("Brötchen", quantity=1, unit_price=1, tax_percent=7)

try:
    with secupos.Till(config) as till:
        if reference not in finish_what_was_left(till):
            payment = till.pay(sale)
            finish(till, payment)
            if Action.CHECK_UNFINISHED in payment.next_actions:
                finish_what_was_left(till)
            sys.exit(payment.outcome is not Outcome.APPROVED)
except secupos.SecuposError as fault:
    sys.exit(f"{fault}\n{fault.cashier_text('en')}")  # whatever pay raises, it has sent nothing
