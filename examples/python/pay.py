r"""Takes 0.01 EUR at the terminal and prints both receipts.

    PYTHONPATH=bindings/python/src python3 examples/python/pay.py \
        --base-url http://127.0.0.1:8080 --client-id … --client-secret … [--device-code …]
"""

import argparse
import datetime
import sys

import secupos

arguments = argparse.ArgumentParser(description="Takes 0.01 EUR at the terminal.")
arguments.add_argument("--base-url", required=True)
arguments.add_argument("--client-id", required=True)
arguments.add_argument("--client-secret", required=True)
arguments.add_argument("--device-code", help="log in as this registered device")
arguments.add_argument("--reference", help="the till's number for the sale; by default the time")
given = arguments.parse_args()

config = secupos.Config(
    base_url=given.base_url,
    client_id=given.client_id,
    client_secret=given.client_secret,
    device_code=given.device_code,
)
reference = given.reference or datetime.datetime.now().strftime("%Y-%m-%d/%H%M%S.%f")
sale = secupos.Sale(reference, amount=1, currency="EUR")
sale.add_item("Brötchen", quantity=1, unit_price=1, tax_percent=7)

with secupos.Till(config) as till:
    payment = till.pay(sale)

print(f"outcome: {payment.outcome.name.lower()}")
print(payment.cashier_text("en"))
for action in payment.next_actions:  # what is to be done next, in this order: a till needs no decision table
    if action is secupos.Action.PRINT_MERCHANT:
        print("-" * 42 + "\n" + payment.receipt(secupos.Copy.MERCHANT).text(columns=42), end="")
    elif action is secupos.Action.PRINT_CUSTOMER:
        print("-" * 42 + "\n" + payment.receipt(secupos.Copy.CUSTOMER).text(columns=42), end="")
    elif action is secupos.Action.TAKE_SIGNATURE:
        print(">> The customer signs the merchant's receipt.")
print("-" * 42)
print(f"signature: {payment.signature.name.lower().replace('_', ' ')}")
print(f"receipt number on the slip: {payment.receipt(secupos.Copy.MERCHANT).field('receipt_no')}")
print(f"receipt number: {payment.receipt_number}")
sys.exit(payment.outcome is not secupos.Outcome.APPROVED)
