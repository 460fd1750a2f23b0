r"""Takes 0.01 EUR at the terminal and prints both receipts.

    PYTHONPATH=bindings/python/src python3 examples/python/pay.py --state-file till.state \
        --base-url http://127.0.0.1:8080 --client-id … --client-secret … [--device-code …]

Kill it while the customer stands at the terminal and start it again: it tells what became of the payment.
"""

import argparse
import datetime
import sys
from typing import List

import secupos

arguments = argparse.ArgumentParser(description="Takes 0.01 EUR at the terminal.")
arguments.add_argument("--base-url", required=True)
arguments.add_argument("--client-id", required=True)
arguments.add_argument("--client-secret", required=True)
arguments.add_argument("--device-code", help="log in as this registered device")
arguments.add_argument("--state-file", required=True, help="where the till remembers its payments")
arguments.add_argument("--reference", help="the till's number for the sale; by default the time")
given = arguments.parse_args()


def finish(till: secupos.Till, payment: secupos.Payment) -> None:
    """Shows what became of a payment, does what is to be done next, and books it."""
    print(f"outcome: {payment.outcome.name.lower().replace('_', ' ')}")
    print(payment.cashier_text("en"))
    for action in payment.next_actions:  # in this order: a till needs no decision table
        if action is secupos.Action.PRINT_MERCHANT:
            print("-" * 42 + "\n" + payment.receipt(secupos.Copy.MERCHANT).text(columns=42), end="")
        elif action is secupos.Action.PRINT_CUSTOMER:
            print("-" * 42 + "\n" + payment.receipt(secupos.Copy.CUSTOMER).text(columns=42), end="")
        elif action is secupos.Action.TAKE_SIGNATURE:
            print(">> The customer signs the merchant's receipt.")
    print("-" * 42)
    print(f"signature: {payment.signature.name.lower().replace('_', ' ')}")
    print(f"receipt number on the slip: {payment.receipt(secupos.Copy.MERCHANT).field('receipt_no') or 'none'}")
    print(f"receipt number: {payment.receipt_number or 0}", flush=True)
    if payment.outcome in (secupos.Outcome.APPROVED, secupos.Outcome.REVERSED) or payment.conflict:
        till.acknowledge(payment.reference)  # only now that it is printed


def finish_earlier(till: secupos.Till) -> List[str]:
    """What an earlier run has left open, because it was killed or the power failed. Starts nothing.

    Gives the references of what was paid.
    """
    paid = []
    for left in till.unfinished():
        print(f">> Left open earlier: {left.reference}")
        payment = till.recover(left.reference)
        payment.wait()
        finish(till, payment)
        if payment.outcome is secupos.Outcome.APPROVED:
            paid.append(payment.reference)
    return paid


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
        if reference not in finish_earlier(till):
            payment = till.pay(sale)
            finish(till, payment)
            sys.exit(payment.outcome is not secupos.Outcome.APPROVED)
except secupos.SecuposError as fault:
    sys.exit(f"{fault}\n{fault.cashier_text('en')}")  # whatever pay raises, it has sent nothing
