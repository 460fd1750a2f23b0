"""Judges a scenario by the simulator's ledger, which knows what was really charged, and by what the cashier was told.

double     charged more than once and not given back; a transaction that was started twice
lost       charged, and neither told as paid nor listed as unfinished
wrong      told as not paid although it was charged (unless no client can be right); booked without money; money given back
           or collected that was not due, or more often than once; not the money that the scenario ends with
unsettled  listed at the end or not, otherwise than the scenario says; a charged payment without the merchant's copy
"""

import collections

KINDS = ("double", "lost", "wrong", "unsettled")


def judge(shop, scenario):
    """The faults by kind, each a sentence."""
    faults = {kind: [] for kind in KINDS}
    ledger, listed, end = shop.simulator.ledger(), shop.listed(), scenario.end
    starts = collections.Counter(seen["path"] for seen in shop.simulator.requests("POST", "/start/cashless"))
    for path, times in starts.items():
        if times > 1:
            faults["double"].append(f"started {times} times: {path}")
    charges = collections.Counter(entry["reference"] for entry in ledger if entry["change"] > 0)
    for reference in sorted({*shop.cents, *charges}):
        judge_sale(shop, scenario, reference, ledger, listed, faults)
    for what, expected, actual in (
        ("charged", end.charged, charges),
        ("given back in cash", end.refunded, +shop.refunds),
        ("collected", end.collected, +shop.collected),
        ("of the rest collected", end.rest, +shop.rests),
    ):
        if dict(expected) != dict(actual):
            faults["wrong"].append(f"{what}: {dict(actual)} and not {dict(expected)}")
    if listed != set(end.listed):
        faults["unsettled"].append(f"listed: {sorted(listed)} and not {sorted(end.listed)}")
    return faults


def judge_sale(shop, scenario, reference, ledger, listed, faults):
    cents = shop.cents.get(reference, 0)
    entries = [entry for entry in ledger if entry["reference"] == reference]
    charges = [entry["amount"] for entry in entries if entry["change"] > 0]
    told = [telling for telling in shop.told if telling.reference == reference]
    known = {telling.attempt for telling in told} | {attempt for of, attempt in listed if of == reference}
    booked = {telling.attempt for telling in told if telling.outcome in ("approved", "reversed")}
    negative = {telling.attempt for telling in told if telling.outcome == "negative"}
    is_listed = any(of == reference for of, _ in listed)
    was_asked = any("ask_cashier" in telling.actions for telling in told)

    settled = sum(entry["amount"] * entry["change"] for entry in entries)
    cash = cents * shop.refunds[reference]
    net = settled - cash + cents * shop.collected[reference] + shop.rests[reference]
    # Who was asked for money at the till has the goods: somebody had decided that it was paid.
    has_goods = (booked or shop.collected[reference]) and reference not in shop.returned
    due = cents if has_goods else 0
    money = f"{reference}: {net} cents at the end, {due} due"
    # More than was asked for is a tip, if the customer was charged once.
    if net > (max([due, *charges]) if due else 0) and not (is_listed and was_asked):
        faults["double"].append(money)
    if net < due and not (was_asked or is_listed):
        faults["wrong"].append(money)
    if net < 0 or shop.refunds[reference] > 1 or shop.collected[reference] > 1:
        asked = f"{shop.refunds[reference]} refunds, {shop.collected[reference]} collects"
        faults["wrong"].append(f"{money}; {asked}")

    if len(charges) > len(booked | {attempt for of, attempt in listed if of == reference}):
        faults["lost"].append(f"{reference}: {len(charges)} charges, attempts told as paid: {sorted(booked)}")
    if scenario.client_can_be_right:
        if len(charges) > len(known - negative):
            faults["wrong"].append(f"{reference}: charged, and told as not paid: {sorted(negative)}")
        if len(booked) > len(charges) and not was_asked:
            faults["wrong"].append(f"{reference}: booked without money: {sorted(booked)}")
    printed = {telling.attempt for telling in told if "print_merchant" in telling.actions}
    if len(charges) > len(printed) and not is_listed:
        faults["unsettled"].append(f"{reference}: the merchant's copy of attempts {sorted(printed)} alone")
