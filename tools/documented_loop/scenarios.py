"""The scenarios: what happens in a shop, step by step, and how it must end. A step is a method of `shop.Shop`."""

import typing


def step(name):
    return lambda *arguments, **named: (name, arguments, named)


sell, ring, decide, reverse, line = (step(name) for name in ("sell", "ring", "decide", "reverse", "line"))
settings, fault, charged, pause, later = (step(name) for name in ("settings", "fault", "charged", "pause", "later"))
wall_clock, host_is_renamed, back_up, restore, lose_head = (
    step(name) for name in ("wall_clock", "host_is_renamed", "back_up", "restore", "lose_head")
)

GRACE = 400  # seconds: more than the time during which a payment in doubt holds the terminal
REFUND = ">> Bitte dem Kunden das Geld erstatten."


class End(typing.NamedTuple):
    """By sale: how often it was charged, given back in cash and collected, the cents of a rest; what is still listed."""

    charged: dict = {}
    refunded: dict = {}
    collected: dict = {}
    rest: dict = {}
    listed: tuple = ()


class Scenario(typing.NamedTuple):
    name: str
    story: str
    steps: list
    end: End
    row: int = 0  # of the list of what was once seen to go wrong
    client_can_be_right: bool = True


SCENARIOS = [
    Scenario(
        "declined, then paid",
        "The card is declined. The second try is paid.",
        [sell("r1", script={"scenario": "declined"}), sell("r1")],
        End(charged={"r1": 1}),
    ),
    Scenario(
        "paid after all",
        "The terminal says failed, the second try is paid, and then the first is paid after all. Its money is asked back once.",
        [
            sell("r1", script={"scenario": "declined", "paid_after_ms": 15000}),
            sell("r1", script={"scenario": "girocard"}),
            charged("r1", 2),
            sell("r2", 900),
            sell("r3", 800),
        ],
        End(charged={"r1": 2, "r2": 1, "r3": 1}, refunded={"r1": 1}),
        row=1,
        client_can_be_right=False,
    ),
    Scenario(
        "killed after the cash",
        "The same, and the till loses its power as soon as the cashier has read that the money is to be given back.",
        [
            sell("r1", script={"scenario": "declined", "paid_after_ms": 15000}),
            sell("r1", script={"scenario": "girocard"}),
            charged("r1", 2),
            fault("create", "after", {"delay": 5000}),  # so that the power fails before the next start
            sell("r2", 900, kill=REFUND),
            sell("r2", 900),
            sell("r3", 800),
        ],
        End(charged={"r1": 2, "r2": 1, "r3": 1}, refunded={"r1": 1}),
        row=24,
        client_can_be_right=False,
    ),
    Scenario(
        "one of two reversed",
        "The same, but the second try is reversed before the first is known to be paid: nothing is to be given back besides.",
        [
            sell("r1", script={"scenario": "declined", "paid_after_ms": 15000}),
            sell("r1", script={"scenario": "girocard"}),
            reverse("r1", attempt=2, customer_returns_goods=False),
            charged("r1", 2),
            sell("r2", 900),
            sell("r3", 800),
        ],
        End(charged={"r1": 2, "r2": 1, "r3": 1}),
        row=24,
        client_can_be_right=False,
    ),
    Scenario(
        "two tills, one device",
        "The token is refused at start, the terminal has the payment all the same, and reads lag ten seconds.",
        [
            settings(result_lag_ms=10000, abort_while_running="follows_status"),
            sell("r1", script={"scenario": "girocard", "think_ms": 6000, "refused": {"status": 401, "code": 2003}}),
            sell("r1"),
            sell("r2", 900),
        ],
        End(charged={"r1": 1, "r2": 1}),
        row=2,
    ),
    Scenario(
        "reads say failed meanwhile",
        "Reads say failed while the customer is still at the terminal. Start's own answer says ok after 26 seconds.",
        [
            settings(status_while_running="failed"),
            sell("r1", script={"scenario": "girocard", "think_ms": 26000}),
            sell("r1"),
        ],
        End(charged={"r1": 1}),
        row=3,
    ),
    Scenario(
        "failed, and the line is broken",
        "The same, and the line breaks as soon as the customer stands at the terminal. The customer pays after 40 seconds.",
        [
            settings(status_while_running="failed"),
            fault("start", "during", "reset"),
            sell("r1", script={"scenario": "girocard", "think_ms": 40000}),
            sell("r1"),
            sell("r2", 900),
        ],
        End(charged={"r1": 1, "r2": 1}),
        row=3,
    ),
    Scenario(
        "last night's backup",
        "Somebody brings back the folder of last night, its head too. Today's sale is not charged again.",
        [
            sell("r1"),
            pause(2),
            back_up(),
            pause(2),
            sell("r2", 900),
            restore(),
            ring("r2", 1, 900),
            sell("r3", 800),
            line("accept-journal-loss", "--operator", "Erna"),
            sell("r3", 800),
        ],
        End(charged={"r1": 1, "r2": 1, "r3": 1}),
        row=4,
    ),
    Scenario(
        "an unknown word",
        "The till dies at start, and reads say processing for longer than the grace. An abort would be answered, and not help.",
        [
            settings(status_while_running="processing", abort_while_running="pays_anyway"),
            sell("r1", kill="started", script={"scenario": "girocard", "think_ms": 75000}),
            later(GRACE),
            sell("r2", 900, script={"scenario": "girocard", "think_ms": 50}),
            charged("r1"),
            sell("r3", 800),
            sell("r1"),
        ],
        End(charged={"r1": 1, "r2": 1, "r3": 1}),
        row=5,
    ),
    Scenario(
        "refused late, then paid",
        "Start is refused after 40 seconds, and the customer pays after 60.",
        [
            settings(abort_while_running="pays_anyway"),
            sell("r1", script={"scenario": "girocard", "think_ms": 60000, "refused": {"after_ms": 40000, "status": 400}}),
            sell("r1"),
        ],
        End(charged={"r1": 1}),
        row=6,
    ),
    Scenario(
        "a server's clock is fast",
        "The till dies at start, and every other answer is ten minutes in the future. The next customer has to wait.",
        [
            settings(clock_skew_ms=[0, 600000], abort_while_running="pays_anyway"),
            sell("r1", kill="started", script={"scenario": "girocard", "think_ms": 70000}),
            sell("r2", 900),
            charged("r1"),
            sell("r2", 900),
        ],
        End(charged={"r1": 1, "r2": 1}),
        row=7,
    ),
    Scenario(
        "a reversal in doubt",
        "A reversal is done, its answer is lost, and the service goes on saying ok. Nobody is asked to give the money back.",
        [
            sell("r1", script={"scenario": "girocard"}),
            settings(reversal_lag_ms=None),
            fault("cancel", "after", "reset"),
            reverse("r1", resolve_ms=2000),
            later(GRACE),
            sell("r2", 900),
            decide("r1", "--reversed"),
            sell("r3", 800),
        ],
        End(charged={"r1": 1, "r2": 1, "r3": 1}),
        row=9,
    ),
    Scenario(
        "reversed already",
        "A reversal is done and answers that this had been done before.",
        [
            sell("r1", script={"scenario": "girocard"}),
            settings(reversal="done_before"),
            reverse("r1"),
            sell("r2", 900),
        ],
        End(charged={"r1": 1, "r2": 1}),
        row=9,
    ),
    Scenario(
        "a reversal refused",
        "A reversal is refused at once, and not done: the money is to be given back, and that is said once.",
        [
            sell("r1", script={"scenario": "girocard"}),
            settings(reversal={"refused": {"status": 400}}),
            reverse("r1"),
            sell("r2", 900),
            sell("r3", 800),
        ],
        End(charged={"r1": 1, "r2": 1, "r3": 1}, refunded={"r1": 1}),
        row=9,
    ),
    Scenario(
        "the head is lost",
        "The till dies while the customer pays, and somebody deletes the head. Nothing is forgotten.",
        [
            sell("r1", kill="started", script={"scenario": "girocard", "think_ms": 3000}),
            lose_head(),
            charged("r1"),
            sell("r2", 900),
            line("accept-journal-loss", "--operator", "Erna"),
            sell("r2", 900),
        ],
        End(charged={"r1": 1, "r2": 1}),
        row=10,
    ),
    Scenario(
        "decided paid, and it was",
        "The till dies at start, the service says created, the cashier has the slip. The till aborts nothing and collects nothing.",
        [
            settings(abort_while_running="pays_anyway"),
            sell("r1", kill="started", script={"scenario": "girocard", "think_ms": 85000}),
            sell("r2", 900),
            decide("r1", "--paid"),
            later(GRACE),
            sell("r2", 900),
            charged("r1"),
            sell("r3", 800),
        ],
        End(charged={"r1": 1, "r2": 1, "r3": 1}),
        row=11,
    ),
    Scenario(
        "decided paid, and it was not",
        "The same, and the cashier was wrong: the money is to be collected, once.",
        [
            sell("r1", kill="started", script={"scenario": "aborted", "think_ms": 75000}),
            sell("r2", 900),
            decide("r1", "--paid"),
            pause(18),
            later(GRACE),
            sell("r2", 900),
            sell("r3", 800),
            sell("r4", 700),
        ],
        End(charged={"r2": 1, "r3": 1, "r4": 1}, collected={"r1": 1}),
        row=11,
        client_can_be_right=False,
    ),
    Scenario(
        "decided not paid, and it was",
        "The cashier decides not paid, the second try is paid, and then the first is. Its money is asked back once.",
        [
            settings(abort_while_running="pays_anyway"),
            sell("r1", kill="started", script={"scenario": "girocard", "think_ms": 85000}),
            sell("r2", 900),
            decide("r1", "--not-paid"),
            ring("r1", 2, script={"scenario": "girocard", "think_ms": 50}),
            charged("r1", 2),
            sell("r3", 800),
            sell("r4", 700),
        ],
        End(charged={"r1": 2, "r3": 1, "r4": 1}, refunded={"r1": 1}),
        row=1,
        client_can_be_right=False,
    ),
    Scenario(
        "five others come first",
        "A declined payment is paid after all, while five later ones are unproven, too. The second try sees it first.",
        [
            sell("r1", script={"scenario": "declined", "paid_after_ms": 20000}),
            *(sell(f"r{number}", 100 * number, script={"scenario": "declined"}) for number in range(2, 7)),
            charged("r1"),
            sell("r1"),
            sell("r7", 700),
        ],
        End(charged={"r1": 1, "r7": 1}),
        row=12,
        client_can_be_right=False,
    ),
    Scenario(
        "the wall clock goes back",
        "A payment is in doubt, and somebody sets the clock back by an hour. The same amount again is refused as a possible duplicate.",
        [
            settings(status_while_running="processing"),
            sell("r1", kill="started", script={"scenario": "girocard", "think_ms": 3600000}),
            later(GRACE),
            wall_clock(-3600),
            sell("r2"),
        ],
        End(listed=(("r1", 1),)),
        row=13,
    ),
    Scenario(
        "the wall clock goes on",
        "The cashier decides not paid, the clock is set on by nine days, and then the payment turns out paid: it is found.",
        [
            settings(abort_while_running="pays_anyway"),
            sell("r1", kill="started", script={"scenario": "girocard", "think_ms": 75000}),
            sell("r2", 900),
            decide("r1", "--not-paid"),
            wall_clock(9 * 86400),
            charged("r1"),
            sell("r2", 900),
            sell("r3", 800),
        ],
        End(charged={"r1": 1, "r2": 1, "r3": 1}),
        row=13,
        client_can_be_right=False,
    ),
    Scenario(
        "started once",
        "The till dies at start, and again when it has just been asked the same. The transaction is started once.",
        [
            sell("r1", kill="started", script={"scenario": "girocard", "think_ms": 8000}),
            ring("r1", 1),
            ring("r1", 1),
        ],
        End(charged={"r1": 1}),
        row=14,
    ),
    Scenario(
        "references that look alike",
        "A number with a composed letter is paid. The decomposed one, a blank at its end and a zero-width space are refused.",
        [
            sell("T\u00e4-1"),
            *(ring(alike, 1) for alike in ("Ta\u0308-1", "T\u00e4-1 ", "T\u00e4\u200b-1")),
        ],
        End(charged={"T\u00e4-1": 1}),
        row=15,
    ),
    Scenario(
        "a part is charged",
        "12.00 are asked for and 5.00 charged: the rest is to be collected, once.",
        [sell("r1", script={"scenario": "girocard", "charged": 500}), sell("r2", 900)],
        End(charged={"r1": 1, "r2": 1}, rest={"r1": 700}),
        row=16,
    ),
    Scenario(
        "a tip",
        "12.00 are asked for and 13.00 charged.",
        [sell("r1", script={"scenario": "girocard", "charged": 1300}), sell("r2", 900)],
        End(charged={"r1": 1, "r2": 1}),
        row=16,
    ),
    Scenario(
        "nothing is charged",
        "The service says ok over 0.00: the cashier is asked.",
        [sell("r1", script={"scenario": "girocard", "charged": 0}), sell("r2", 900)],
        End(charged={"r2": 1}),
        row=16,
    ),
    Scenario(
        "paid already",
        "A declined payment is paid after all before the second try: that is not started, and nothing is to be given back.",
        [
            sell("r1", script={"scenario": "declined", "paid_after_ms": 4000}),
            charged("r1"),
            sell("r1"),
            sell("r2", 900),
        ],
        End(charged={"r1": 1, "r2": 1}),
        row=17,
        client_can_be_right=False,
    ),
    Scenario(
        "Friday's decline on Monday",
        "A declined payment is paid after all when the shop is closed. The till says so three days later.",
        [
            sell("r1", script={"scenario": "declined", "paid_after_ms": 2000}),
            charged("r1"),
            later(3 * 86400),
            sell("r2", 900),
            sell("r3", 800),
        ],
        End(charged={"r1": 1, "r2": 1, "r3": 1}),
        row=17,
        client_can_be_right=False,
    ),
    Scenario(
        "receipts come late",
        "A payment is paid and taken over, and its receipts come later. They are printed as soon as the till starts and has them.",
        [
            settings(receipts_lag_ms=20000),
            sell("r1", script={"scenario": "girocard"}),
            pause(20),
            settings(receipts_lag_ms=0),
            sell("r2", 900),
            sell("r3", 800),
        ],
        End(charged={"r1": 1, "r2": 1, "r3": 1}),
        row=17,
    ),
    Scenario(
        "bytes that nobody needs",
        "Answers with a Latin-1 byte, a BOM, NaN, 1e400 and deep nesting, and a create that is answered 201.",
        [
            settings(success_status={"create": 201}),
            *(
                sell(f"r{number}", 100 * number, script={"scenario": "girocard", "quirk": quirk})
                for number, quirk in enumerate(("latin1", "bom", "nan", "huge_number", "deep"), start=2)
            ),
        ],
        End(charged={f"r{number}": 1 for number in range(2, 7)}),
        row=18,
    ),
    Scenario(
        "nothing blocks for ever",
        "The till dies at start, the service never says more than processing, and has no clock. The next customer pays all the same.",
        [
            settings(status_while_running="processing", date_header=False),
            sell("r1", kill="started", script={"scenario": "girocard", "think_ms": 3600000}),
            later(GRACE),
            sell("r2", 900, script={"scenario": "girocard", "think_ms": 50}),
        ],
        End(charged={"r2": 1}, listed=(("r1", 1),)),
        row=19,
    ),
    Scenario(
        "the host is renamed",
        "The service has another name. The till goes on with its file when a person says that it is the same.",
        [
            sell("r1"),
            host_is_renamed(),
            sell("r2", 900),
            line("rebind", "--operator", "Erna", "--reason", "the host was renamed"),
            sell("r2", 900),
        ],
        End(charged={"r1": 1, "r2": 1}),
        row=20,
    ),
    Scenario(
        "refused at once, then paid",
        "Start is refused after two seconds although the terminal has it, reads lag ten seconds, and an abort goes by them.",
        [
            settings(result_lag_ms=10000, abort_while_running="follows_status"),
            sell("r1", script={"scenario": "girocard", "think_ms": 5000, "refused": {"after_ms": 2000, "status": 400}}),
            sell("r1"),
        ],
        End(charged={"r1": 1}),
        row=23,
    ),
    Scenario(
        "create is lost",
        "The answer to create is lost: it is asked for once more, and paid once.",
        [
            settings(honours_x_action=True),
            fault("create", "after", "reset"),
            sell("r1", script={"scenario": "girocard"}),
            sell("r1"),
        ],
        End(charged={"r1": 1}),
    ),
    Scenario(
        "nobody takes the start",
        "After create the service takes no connection: not started, and the next try is paid.",
        [
            fault("create", "after", {"refuse_connections": 3000}),
            sell("r1"),
            pause(3),
            sell("r1"),
        ],
        End(charged={"r1": 1}),
    ),
    Scenario(
        "killed before the answer",
        "The customer has paid, and the till dies before the answer. The next start tells it, and the number is closed.",
        [
            fault("start", "after", {"delay": 30000}),
            sell("r1", kill="paid", script={"scenario": "girocard"}),
            ring("r1", 1),
            ring("r1", 2),
            sell("r2", 900),
        ],
        End(charged={"r1": 1, "r2": 1}),
    ),
]
