r"""A till's day on the simulator: it registers, takes payments, reverses one, and closes the day.

    PYTHONPATH=bindings/python/src python3 examples/python/day.py BASE_URL CLIENT_ID CLIENT_SECRET STATE_FILE

On the simulator the amount says how the payment goes (``secupos simulate --help``).
"""

import sys

import secupos
from secupos import Copy, Outcome, RegistrationState


def become_a_device(till: secupos.Till) -> None:
    """Once, when the till is set up: from then on the state file says which device it is."""
    print("== The till registers")
    registration = till.register("/vendor/unknown/cashier/1")
    state = RegistrationState.PENDING
    while registration.user_code is None and state is RegistrationState.PENDING:
        state = registration.wait(0.02)
    # Which code and where differs each time: stderr.
    print(f"Enter {registration.user_code} at {registration.verification_url}", file=sys.stderr)
    print(registration.wait())


def show(payment: secupos.Payment) -> None:
    """What the till has to know of a payment."""
    print(f"{payment.reference}, attempt {payment.attempt}: {payment.outcome}")
    print(payment.cashier_text("en"))
    print("next: " + ", ".join(str(action) for action in payment.next_actions))
    print(f"signature: {payment.signature}, receipt number: {payment.receipt_number or 0}")


def sell(till: secupos.Till, reference: str, amount: int, attempt: int = 1) -> Outcome:
    """Takes one payment and takes over its result. examples/python/pay.py prints and books, too."""
    payment = till.pay(secupos.Sale(reference, amount, "EUR", attempt=attempt))
    show(payment)
    if payment.outcome is Outcome.APPROVED:
        till.acknowledge(payment)  # a real till does first what next says
    return payment.outcome


def reverse(till: secupos.Till, reference: str) -> None:
    """Gives the money of a payment back."""
    print(f"== The customer wants the money of {reference} back")
    payment = till.reverse(reference)
    payment.wait()
    print(f"reversal: {payment.reversal}")
    show(payment)
    till.acknowledge(payment)


def finish(report: secupos.Report, name: str) -> None:
    """Waits for a report of the terminal's and prints it."""
    print(f"{name}: {report.wait()}")
    print(report.render(secupos.RenderOptions()).decode(), end="")


def print_again(till: secupos.Till, reference: str) -> None:
    """Prints a receipt once more, marked as a duplicate."""
    print(f"== The customer of {reference} has lost the receipt")
    payment = till.recover(reference)  # asks the state file alone: it is known
    payment.wait()
    print(payment.render_receipt(Copy.CUSTOMER, secupos.RenderOptions(duplicate=True)).decode(), end="")


if len(sys.argv) != 5:
    sys.exit("usage: day.py BASE_URL CLIENT_ID CLIENT_SECRET STATE_FILE")
config = secupos.Config(
    base_url=sys.argv[1],
    client_id=sys.argv[2],
    client_secret=sys.argv[3],
    state_file=sys.argv[4],
    create_state_file=True,  # once, when the till is set up
)
try:
    with secupos.Till(config) as till:
        become_a_device(till)

        print("== Direct debit: the customer signs")
        sell(till, "day/1", 1201)
        print("== girocard")
        sell(till, "day/2", 1202)
        print("== Credit card: the customer signs")
        sell(till, "day/3", 1204)
        print("== The first card is declined, the second is not")
        if sell(till, "day/4", 1210) is Outcome.FAILED:
            sell(till, "day/4", 1210, attempt=2)
        print("== The connection breaks while the customer pays: the library asks until it knows")
        sell(till, "day/5", 1209)

        reverse(till, "day/2")
        print("== The terminal looks after itself")
        finish(till.run_diagnosis(), "diagnosis")
        print("== The day is closed")
        print(f"left open: {len(till.unfinished())}")
        finish(till.run_end_of_day(), "end of day")
        print_again(till, "day/1")
except secupos.SecuposError as fault:
    # Whatever is raised has sent nothing. A day with one is over here; a real till shows it and goes on.
    sys.exit(f"{fault}\n{fault.cashier_text('en')}")
