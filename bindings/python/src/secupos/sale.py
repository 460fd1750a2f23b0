"""A sale: what the till wants to be paid for."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Iterator, List, Optional, Sequence

from ._abi import library
from ._handle import made
from ._values import int32, minor_units, optional_text, text
from .errors import call


@dataclass
class Group:
    """A group of articles, such as "Bakery"."""

    #: The till's own name for it.
    id: str
    #: What it is.
    description: str
    #: How deep it is, 1 to 10: 1 for a group of its own, 2 for one within that.
    level: int = 1


@dataclass
class Item:
    """One article of a sale."""

    #: What it is.
    description: str
    #: How many, from 1. Whole: the service takes no fractions, so what is weighed is one article at the price of what
    #: was weighed.
    quantity: int
    #: Gross price of one, in minor units (cents).
    unit_price: int
    #: VAT rate in percent, such as 7 or 19.
    tax_percent: int
    #: The till's own number for it.
    article_number: Optional[str] = None
    #: Its GTIN.
    ean: Optional[str] = None
    #: The groups of articles that it belongs to, ten at most.
    groups: List[Group] = field(default_factory=list)


@dataclass
class Coupon(Item):
    """A coupon that the customer hands in: lowers what the articles make, by ``quantity`` times ``unit_price``."""


@dataclass
class Sale:
    """A sale. It is checked by `Till.pay`, before anything is sent; the error names what cannot be used."""

    #: The till's own number for the sale, 1 to 64 bytes of composed text (NFC) without combining marks, control and
    #: format characters, what nobody sees, other blanks than the space, and blanks at its ends. It identifies the
    #: payment for ever: a till that restarts its numbers daily must put the day in.
    reference: str
    #: What is to be paid, in minor units (cents), from 1 to 99 999 999.
    amount: int
    #: ISO 4217: three capital letters.
    currency: str
    #: Which try this is, from 1: after one that was declined or not started, the till asks for the next.
    attempt: int = 1
    #: The purpose line on the customer's bank statement.
    transaction_ref: Optional[str] = None
    #: How much of the amount is a tip, in minor units. It is included in the amount, and in the items if there are any:
    #: then it is one of them.
    gratuity: Optional[int] = None
    #: The articles and coupons. If there are any, they must add up to the amount; the error shows the arithmetic.
    items: List[Item] = field(default_factory=list)
    #: Who has confirmed that it is no duplicate; see `confirm_not_duplicate`.
    confirmed_by: Optional[str] = field(default=None, init=False)

    def add_item(
        self,
        description: str,
        quantity: int,
        unit_price: int,
        tax_percent: int,
        article_number: Optional[str] = None,
        ean: Optional[str] = None,
        groups: Sequence[Group] = (),
    ) -> None:
        """Adds an article; `Item` says what the arguments mean."""
        self.items.append(Item(description, quantity, unit_price, tax_percent, article_number, ean, list(groups)))

    def add_coupon(
        self,
        description: str,
        quantity: int,
        unit_price: int,
        tax_percent: int,
        article_number: Optional[str] = None,
        ean: Optional[str] = None,
        groups: Sequence[Group] = (),
    ) -> None:
        """Adds a coupon, which lowers what the articles make; `Item` says what the arguments mean."""
        self.items.append(Coupon(description, quantity, unit_price, tax_percent, article_number, ean, list(groups)))

    def confirm_not_duplicate(self, operator: str) -> None:
        """Says that the customer is to pay this, although a payment over the same amount under another reference is in
        doubt since less than an hour, was taken for not paid less than 15 minutes ago without the terminal's own word,
        or was found out to be paid and nobody has been told (`Till.pay` has raised ``POSSIBLE_DUPLICATE``, which names
        that reference). Never without asking: ``operator`` is the person who has looked at the terminal, 1 to 200 bytes
        of UTF-8."""
        self.confirmed_by = operator

    @contextmanager
    def _native(self) -> Iterator[Any]:
        reference, amount = text("reference", self.reference), minor_units("amount", self.amount)
        with made("sale", library.secupos_sale_new, reference, amount, text("currency", self.currency)) as sale:
            call(library.secupos_sale_set_attempt, sale, int32("attempt", self.attempt))
            if self.transaction_ref is not None:
                transaction_ref = text("transaction_ref", self.transaction_ref)
                call(library.secupos_sale_set_transaction_ref, sale, transaction_ref)
            if self.gratuity is not None:
                call(library.secupos_sale_set_gratuity, sale, minor_units("gratuity", self.gratuity))
            if self.confirmed_by is not None:
                call(library.secupos_sale_confirm_not_duplicate, sale, text("operator", self.confirmed_by))
            for item in self.items:
                _add(sale, item)
            yield sale


def _add(sale: Any, item: Item) -> None:
    call(
        library.secupos_sale_add_coupon if isinstance(item, Coupon) else library.secupos_sale_add_item,
        sale,
        text("description", item.description),
        int32("quantity", item.quantity),
        minor_units("unit_price", item.unit_price),
        int32("tax_percent", item.tax_percent),
        optional_text("article_number", item.article_number),
        optional_text("ean", item.ean),
    )
    for group in item.groups:
        group_id, description = text("group_id", group.id), text("group_description", group.description)
        call(library.secupos_sale_add_item_group, sale, group_id, description, int32("level", group.level))
