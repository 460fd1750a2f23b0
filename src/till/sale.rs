//! A sale: what the till wants to be paid for. Everything is checked here, before anything is sent.

use crate::api::transaction::{Basket, BasketInfo, NewTransaction, Product, ProductGroup};
use crate::error::{Error, Result};
use crate::money::{Currency, MAX_AMOUNT, Money};
use crate::till::reference::{self, LONGEST_REFERENCE};

/// The most items in one sale.
pub const MOST_ITEMS: usize = 1000;
/// The most groups that one item belongs to.
pub const MOST_GROUPS: usize = 10;
pub(crate) const LONGEST_TEXT: usize = 200;
const LARGEST_QUANTITY: i32 = 100_000;
const DEEPEST_GROUP: i32 = 10;

/// What an item does to the sum.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Something that is sold: raises it.
    Article,
    /// Something that the customer hands in: lowers it.
    Coupon,
}

/// One item of a sale.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// What it does to the sum.
    pub kind: Kind,
    /// What it is.
    pub description: String,
    /// How many.
    pub quantity: i32,
    /// Gross price of one, in minor units.
    pub unit_price: i64,
    /// VAT rate in percent.
    pub tax_percent: i32,
    /// The till's own number for it.
    pub article_number: Option<String>,
    /// Its GTIN.
    pub ean: Option<String>,
}

/// A group of articles, such as "Bakery".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// The till's own name for it.
    pub id: String,
    /// What it is.
    pub description: String,
    /// How deep it is: 1 for a group of its own, 2 for one within that.
    pub level: i32,
}

/// An item with its groups.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Position {
    item: Item,
    groups: Vec<Group>,
}

impl Item {
    fn total(&self) -> i64 {
        let price = i64::from(self.quantity) * self.unit_price;
        match self.kind {
            Kind::Article => price,
            Kind::Coupon => -price,
        }
    }
}

/// A sale.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sale {
    reference: String,
    attempt: i32,
    money: Money,
    transaction_ref: Option<String>,
    gratuity: Option<i64>,
    positions: Vec<Position>,
    confirmed_by: Option<String>,
}

impl Sale {
    /// A sale under the till's own number for it, which identifies the payment for ever: a till that restarts its
    /// numbers daily must put the day in.
    pub fn new(reference: &str, amount: i64, currency: &str) -> Result<Self> {
        reference::check(reference)?;
        let currency: Currency = currency.parse()?;
        let money = Money::payable(amount, currency)?;
        Ok(Sale {
            reference: reference.to_owned(),
            attempt: 1,
            money,
            transaction_ref: None,
            gratuity: None,
            positions: Vec::new(),
            confirmed_by: None,
        })
    }

    /// Which try this is, from 1. After an attempt that was declined or not started, the till asks for the next.
    pub fn set_attempt(&mut self, attempt: i32) -> Result<()> {
        if !(1..=9999).contains(&attempt) {
            return Err(Error::argument("attempt", format!("is {attempt}; it must be from 1 to 9999")));
        }
        self.attempt = attempt;
        Ok(())
    }

    /// The purpose line on the customer's bank statement.
    pub fn set_transaction_ref(&mut self, text: &str) -> Result<()> {
        check_text("transaction_ref", text, LONGEST_TEXT)?;
        self.transaction_ref = Some(text.to_owned());
        Ok(())
    }

    /// How much of the amount is a tip. It is part of the amount, and of the items, if there are any: then it is an item of
    /// its own.
    pub fn set_gratuity(&mut self, minor: i64) -> Result<()> {
        if !(0..=self.money.minor).contains(&minor) {
            let amount = self.money.minor;
            return Err(Error::argument(
                "gratuity",
                format!("is {minor}; it is part of the amount, so from 0 to {amount}"),
            ));
        }
        self.gratuity = Some(minor);
        Ok(())
    }

    /// An operator confirms that this is another sale, although one over the same amount is in doubt.
    pub fn confirm_not_duplicate(&mut self, operator: &str) -> Result<()> {
        check_text("operator", operator, LONGEST_TEXT)?;
        self.confirmed_by = Some(operator.to_owned());
        Ok(())
    }

    /// Who has confirmed that it is no duplicate.
    pub(crate) fn confirmed_by(&self) -> Option<&str> {
        self.confirmed_by.as_deref()
    }

    /// Adds an item. A sale with items must add up; one without items is a sum alone.
    pub fn add_item(&mut self, item: Item) -> Result<()> {
        check_text("description", &item.description, LONGEST_TEXT)?;
        for (argument, text) in [("article_number", &item.article_number), ("ean", &item.ean)] {
            text.as_ref().map_or(Ok(()), |text| check_text(argument, text, LONGEST_REFERENCE))?;
        }
        if !(1..=LARGEST_QUANTITY).contains(&item.quantity) {
            let fault = format!("is {}; it must be from 1 to {LARGEST_QUANTITY}", item.quantity);
            return Err(Error::argument("quantity", fault));
        }
        if !(0..=MAX_AMOUNT).contains(&item.unit_price) {
            let fault = format!("is {}; it must be from 0 to {MAX_AMOUNT} minor units (cents)", item.unit_price);
            return Err(Error::argument("unit_price", fault));
        }
        if !(0..=100).contains(&item.tax_percent) {
            return Err(Error::argument("tax_percent", format!("is {}; it must be from 0 to 100", item.tax_percent)));
        }
        if self.positions.len() == MOST_ITEMS {
            return Err(Error::argument("sale", format!("has {MOST_ITEMS} items already, which is the most")));
        }
        self.positions.push(Position { item, groups: Vec::new() });
        Ok(())
    }

    /// Puts the item that was added last into a group of articles.
    pub fn add_group(&mut self, group: Group) -> Result<()> {
        check_text("group_id", &group.id, LONGEST_REFERENCE)?;
        check_text("group_description", &group.description, LONGEST_TEXT)?;
        if !(1..=DEEPEST_GROUP).contains(&group.level) {
            return Err(Error::argument("level", format!("is {}; it must be from 1 to {DEEPEST_GROUP}", group.level)));
        }
        let Some(Position { groups, .. }) = self.positions.last_mut() else {
            return Err(Error::argument("sale", "has no item yet that the group could be of"));
        };
        if groups.len() == MOST_GROUPS {
            return Err(Error::argument(
                "sale",
                format!("has {MOST_GROUPS} groups of its last item, which is the most"),
            ));
        }
        groups.push(group);
        Ok(())
    }

    /// The till's number for the sale.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// Which try this is.
    pub fn attempt(&self) -> i32 {
        self.attempt
    }

    /// What is to be paid.
    pub fn money(&self) -> Money {
        self.money
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        self.positions.iter().map(|position| &position.item)
    }

    /// Whether the items add up to the amount; the error shows the arithmetic.
    pub fn check_sum(&self) -> Result<()> {
        let sum: i64 = self.items().map(Item::total).sum();
        if self.positions.is_empty() || sum == self.money.minor {
            return Ok(());
        }
        const SHOWN: usize = 5;
        let says = |minor: i64| Money { minor, ..self.money }.number();
        let mut arithmetic = String::new();
        for item in self.items().take(SHOWN) {
            arithmetic += match (item.kind, arithmetic.is_empty()) {
                (Kind::Article, true) => "",
                (Kind::Article, false) => " + ",
                (Kind::Coupon, true) => "-",
                (Kind::Coupon, false) => " - ",
            };
            arithmetic += &format!("{} x {}", item.quantity, says(item.unit_price));
        }
        if self.positions.len() > SHOWN {
            arithmetic += &format!(" and {} more items", self.positions.len() - SHOWN);
        }
        let (items, amount) = (says(sum), says(self.money.minor));
        Err(Error::argument("amount", format!("does not add up: {arithmetic} = {items}, the sale says {amount}")))
    }

    /// The sale as it is posted.
    pub(crate) fn to_transaction(&self) -> NewTransaction<'_> {
        let products: Vec<_> =
            self.positions.iter().enumerate().map(|(index, position)| product(index + 1, position)).collect();
        NewTransaction {
            intent: "sale",
            basket: (!products.is_empty()).then_some(Basket { products }),
            basket_info: BasketInfo {
                sum: self.money.minor,
                gratuity: self.gratuity,
                currency: self.money.currency.code(),
            },
            merchant_ref: &self.reference,
            transaction_ref: self.transaction_ref.as_deref(),
        }
    }
}

fn product(id: usize, Position { item, groups }: &Position) -> Product<'_> {
    Product {
        id,
        item_type: match item.kind {
            Kind::Article => "article",
            Kind::Coupon => "coupon",
        },
        desc: &item.description,
        article_number: item.article_number.as_deref(),
        ean: item.ean.as_deref(),
        quantity: i64::from(item.quantity),
        price_one: item.unit_price,
        tax: item.tax_percent,
        group: groups.iter().map(posted_group).collect(),
    }
}

fn posted_group(group: &Group) -> ProductGroup<'_> {
    ProductGroup { id: &group.id, desc: &group.description, level: group.level }
}

/// Texts of the till are sent as they are, so what could not be printed or stored is refused, not repaired.
pub(crate) fn check_text(argument: &str, text: &str, longest: usize) -> Result<()> {
    let fault = match text {
        _ if text.trim().is_empty() => "is empty".to_owned(),
        _ if text.len() > longest => format!("is {} bytes long; at most {longest} are allowed", text.len()),
        _ if text.chars().any(char::is_control) => "contains a control character".to_owned(),
        _ => return Ok(()),
    };
    Err(Error::argument(argument, fault))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    fn item(quantity: i32, unit_price: i64) -> Item {
        Item {
            kind: Kind::Article,
            description: "Brötchen".into(),
            quantity,
            unit_price,
            tax_percent: 7,
            article_number: Some("70000".into()),
            ean: None,
        }
    }

    fn coupon(quantity: i32, unit_price: i64) -> Item {
        Item { kind: Kind::Coupon, ..item(quantity, unit_price) }
    }

    fn group(id: &str, description: &str, level: i32) -> Group {
        Group { id: id.into(), description: description.into(), level }
    }

    fn fault(result: Result<impl std::fmt::Debug>) -> String {
        let error = result.expect_err("refused");
        assert_eq!(error.status(), Status::InvalidArgument);
        error.message().to_owned()
    }

    #[test]
    fn references_are_checked() {
        assert_eq!(fault(Sale::new("", 1, "EUR")), "reference is empty");
        let decomposed = fault(Sale::new("a\u{308}", 1, "EUR"));
        assert_eq!(decomposed, "reference contains U+0308, a combining mark, as character 2");
        assert!(Sale::new("ä", 1, "EUR").is_ok());
    }

    #[test]
    fn items_are_checked_and_each_fault_names_its_argument() {
        let mut sale = Sale::new("r", 100, "EUR").expect("a sale");
        for (wrong, argument) in [
            (Item { description: String::new(), ..item(1, 1) }, "description "),
            (Item { description: "x".repeat(201), ..item(1, 1) }, "description "),
            (item(0, 1), "quantity "),
            (item(-1, 1), "quantity "),
            (item(i32::MAX, 1), "quantity "),
            (item(1, -1), "unit_price "),
            (item(1, i64::MAX), "unit_price "),
            (Item { tax_percent: -1, ..item(1, 1) }, "tax_percent "),
            (Item { tax_percent: 1900, ..item(1, 1) }, "tax_percent "),
            (Item { article_number: Some("\0".into()), ..item(1, 1) }, "article_number "),
            (Item { ean: Some(String::new()), ..item(1, 1) }, "ean "),
            (coupon(1, -1), "unit_price "),
        ] {
            let message = fault(sale.add_item(wrong));
            assert!(message.starts_with(argument), "{message}");
        }
        assert_eq!(sale.positions.len(), 0);
    }

    #[test]
    fn a_sum_that_does_not_add_up_shows_the_arithmetic() {
        let mut sale = Sale::new("r", 350, "EUR").expect("a sale");
        sale.check_sum().expect("a sum alone");
        for item in [item(2, 150), item(1, 99), coupon(1, 50)] {
            sale.add_item(item).expect("added");
        }
        let expected = "amount does not add up: 2 x 1.50 + 1 x 0.99 - 1 x 0.50 = 3.49, the sale says 3.50";
        assert_eq!(fault(sale.check_sum()), expected);
        sale.add_item(item(1, 1)).expect("added");
        sale.check_sum().expect("it adds up now");
        for _ in 0..MOST_ITEMS - 4 {
            sale.add_item(item(100_000, MAX_AMOUNT)).expect("added");
        }
        assert!(fault(sale.check_sum()).contains(" and 995 more items = "));
        assert!(fault(sale.add_item(item(1, 1))).starts_with("sale has 1000 items"));
    }

    #[test]
    fn the_arithmetic_is_shown_in_the_sales_own_currency_and_may_begin_with_a_coupon() {
        let mut sale = Sale::new("r", 500, "JPY").expect("a sale");
        sale.add_item(coupon(3, 100)).expect("added");
        assert_eq!(fault(sale.check_sum()), "amount does not add up: -3 x 100 = -300, the sale says 500");
    }

    #[test]
    fn a_gratuity_is_part_of_the_amount() {
        let mut sale = Sale::new("r", 100, "EUR").expect("a sale");
        for wrong in [-1, 101, i64::MIN, i64::MAX] {
            let message = fault(sale.set_gratuity(wrong));
            assert_eq!(message, format!("gratuity is {wrong}; it is part of the amount, so from 0 to 100"));
        }
        assert_eq!(sale.to_transaction().basket_info.gratuity, None);
        sale.set_gratuity(100).expect("set");
        assert_eq!(sale.to_transaction().basket_info.gratuity, Some(100));
    }

    #[test]
    fn groups_are_those_of_the_last_item() {
        let mut sale = Sale::new("r", 100, "EUR").expect("a sale");
        assert!(fault(sale.add_group(group("1", "Bakery", 1))).starts_with("sale has no item"));
        sale.add_item(item(1, 50)).expect("added");
        sale.add_item(item(1, 50)).expect("added");
        for _ in 0..MOST_GROUPS {
            sale.add_group(group("1", "Bakery", 1)).expect("added");
        }
        assert!(fault(sale.add_group(group("1", "Bakery", 1))).starts_with("sale has 10 groups"));
        for (wrong, argument) in [
            (group("", "Bakery", 1), "group_id "),
            (group("1", "\n", 1), "group_description "),
            (group("1", "Bakery", 0), "level "),
            (group("1", "Bakery", 11), "level "),
        ] {
            assert!(fault(sale.add_group(wrong)).starts_with(argument));
        }
        assert_eq!((sale.positions[0].groups.len(), sale.positions[1].groups.len()), (0, MOST_GROUPS));
    }

    #[test]
    fn is_posted_as_the_documentation_shows() {
        let mut sale = Sale::new("20000345", 1, "EUR").expect("a sale");
        sale.set_transaction_ref("Kauf am 25.02.21 bei Beispiel-Back").expect("set");
        sale.add_item(item(1, 1)).expect("added");
        sale.add_group(group("1", "Backwaren", 1)).expect("added");
        sale.add_group(group("2", "Brötchen", 2)).expect("added");
        let expected = serde_json::json!({
            "intent": "sale",
            "basket": {"products": [{"id": 1, "item_type": "article", "desc": "Brötchen", "articleNumber": "70000",
                "ean": null, "quantity": 1, "priceOne": 1, "tax": 7, "group": [
                    {"id": "1", "desc": "Backwaren", "level": 1}, {"id": "2", "desc": "Brötchen", "level": 2}]}]},
            "basket_info": {"sum": 1, "currency": "EUR"},
            "merchantRef": "20000345",
            "transactionRef": "Kauf am 25.02.21 bei Beispiel-Back",
        });
        assert_eq!(serde_json::to_value(sale.to_transaction()).expect("JSON"), expected);
    }
}
