"""A sale: the goods, and the money that the till asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ._abi import library
from ._calls import call
from ._handle import made
from ._values import int32, minor_units, optional_text, text


@dataclass
class Group:
    """A group of articles, such as "Bakery".

    - `id`: the till's own name for it.
    - `description`: its name, such as "Bakery".
    - `level`: how deep it is, 1 to 10. A group of its own has 1, a group within that has 2.
    """

    id: str
    description: str
    level: int = 1


@dataclass
class Item:
    """One article of a sale.

    - `description`: its name.
    - `quantity`: how many of it, from 1. The service takes no fractions. Goods that are weighed are one article at the
      price of the whole.
    - `unit_price`: the gross price of one, in minor units (cents).
    - `tax_percent`: the VAT rate in percent, such as 7 or 19.
    - `article_number`: the till's own number for it.
    - `ean`: its GTIN.
    - `groups`: the groups of articles that it belongs to, ten at most.
    """

    description: str
    quantity: int
    unit_price: int
    tax_percent: int
    article_number: str | None = None
    ean: str | None = None
    groups: list[Group] = field(default_factory=list)


@dataclass
class Coupon(Item):
    """A coupon that the customer hands in. It lowers the sum of the articles by `quantity` times `unit_price`."""


@dataclass
class Sale:
    """A sale. `Till.pay` checks it before it sends anything, and its error names what cannot be used.

    - `reference`: the till's own number for the sale. It identifies the payment for ever: a till that restarts its
      numbers daily must put the day in. It is 1 to 64 bytes of composed text (NFC). It has no combining marks, no
      control or format characters, nothing invisible, no blanks except the space, and no space at its ends.
    - `amount`: the money to be paid, in minor units (cents), from 1 to 99 999 999.
    - `currency`: three capital letters, after ISO 4217.
    - `attempt`: the number of the try, from 1. After an attempt that was declined or not started, the till asks for the
      next one.
    - `transaction_ref`: the purpose line on the customer's bank statement.
    - `gratuity`: how much of the amount is a tip, in minor units (cents). If the sale has items, the tip is one of
      them.
    - `items`: the articles and coupons. If there are any, they must add up to the amount. The error shows the
      arithmetic.
    - `confirmed_by`: the person who has confirmed that it is no duplicate. See `confirm_not_duplicate`.
    """

    reference: str
    amount: int
    currency: str
    attempt: int = 1
    transaction_ref: str | None = None
    gratuity: int | None = None
    items: list[Item] = field(default_factory=list)
    confirmed_by: str | None = field(default=None, init=False)

    def add_item(
        self,
        description: str,
        quantity: int,
        unit_price: int,
        tax_percent: int,
        article_number: str | None = None,
        ean: str | None = None,
        groups: Sequence[Group] = (),
    ) -> None:
        """Adds an article. `Item` says what the arguments mean."""
        self.items.append(Item(description, quantity, unit_price, tax_percent, article_number, ean, list(groups)))

    def add_coupon(
        self,
        description: str,
        quantity: int,
        unit_price: int,
        tax_percent: int,
        article_number: str | None = None,
        ean: str | None = None,
        groups: Sequence[Group] = (),
    ) -> None:
        """Adds a coupon, which lowers the sum of the articles. `Item` says what the arguments mean."""
        self.items.append(Coupon(description, quantity, unit_price, tax_percent, article_number, ean, list(groups)))

    def confirm_not_duplicate(self, operator: str) -> None:
        """Says that the customer is to pay this, although `Till.pay` has raised `PossibleDuplicateError`.

        Never call it without asking a person: `operator` has looked at the terminal. It is 1 to 200 bytes of UTF-8.

        `Till.pay` raises that error for a payment over the same amount under another reference, which the error names.
        That payment is in doubt for less than an hour. Or it was taken for not paid less than 15 minutes ago, without
        the terminal's own word. Or it was found to be paid, and nobody has been told yet.
        """
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
