//! Where the money is: what was charged to whose card, what went back, what the cashier has given or taken in cash, and what
//! the till has booked. And how each scene begins.

use secupos::money::Money;
use secupos::payment::attempt::{Attempt, Copies, TakenOver};
use secupos::payment::state::State;

use crate::cashier::{Cashier, Duty};
use crate::graphs::{Graph, Scene};
use crate::service::{Charge, Transaction, Truth, Word};
use crate::till::{GRACE, Process};
use crate::world::{Clocks, File, World};

/// What each purchase costs.
pub const PRICE: i64 = 400;

/// A purchase: a basket and a person, under whatever reference it is rung up.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Purchase {
    pub price: i64,
    /// What the till has booked as paid by card: reference, attempt, and how much.
    pub booked: Vec<(String, i32, i64)>,
    /// Cash given back.
    pub given_back: i64,
    /// Cash collected.
    pub collected: i64,
    /// The till has told that it was charged more than once, or may have been.
    pub surplus_told: bool,
    /// The customer has left.
    pub is_gone: bool,
}

impl Purchase {
    fn new() -> Purchase {
        Purchase { price: PRICE, booked: Vec::new(), given_back: 0, collected: 0, surplus_told: false, is_gone: false }
    }
}

pub fn money(minor: i64) -> Money {
    Money { minor, currency: "EUR".parse().expect("a currency") }
}

impl World {
    /// What was charged for a purchase, whatever came back.
    pub fn charged(&self, purchase: usize) -> i64 {
        let of_it = self.service.iter().filter(|transaction| transaction.purchase == purchase);
        of_it.filter_map(|transaction| transaction.charge).map(|charge| charge.amount).sum()
    }

    /// What went back over the card.
    pub fn reversed(&self, purchase: usize) -> i64 {
        let of_it = self.service.iter().filter(|transaction| transaction.purchase == purchase);
        of_it.map(Transaction::reversed).sum()
    }

    /// What was charged and did not go back, over the card or in cash, without any tip.
    pub fn kept(&self, purchase: usize) -> i64 {
        let of_it = self.service.iter().filter(|transaction| transaction.purchase == purchase);
        let price = self.purchases[purchase].price;
        of_it.map(|transaction| transaction.net().min(price)).sum::<i64>() - self.purchases[purchase].given_back
    }
}

/// A payment of a while ago.
fn paid_before(reference: &str, number: i32, transaction: usize) -> Attempt {
    let copies = Copies { merchant: true, customer: true };
    Attempt {
        transaction_id: Some(transaction.to_string()),
        starting_at: Some(0),
        begun_till: -20 * 60_000,
        grace: Some(GRACE),
        finished_at: Some(0),
        finished_till: Some(-19 * 60_000),
        said_by_start: true,
        amount_charged: Some(PRICE),
        receipt_number: Some(transaction as i64 + 1),
        response: Some(0),
        copies,
        acknowledged_at: Some(0),
        taken_over: Some(TakenOver { conflict: None, copies }),
        ..Attempt::new(reference, number, money(PRICE), State::Approved, 0)
    }
}

fn charged_before(purchase: usize) -> Transaction {
    Transaction {
        truth: Truth::Paid,
        word: Word::Ok,
        starts: 1,
        begun: Some(-20 * 60_000),
        charge: Some(Charge { payer: purchase, amount: PRICE }),
        receipts: true,
        ..Transaction::new(purchase, -20 * 60_000)
    }
}

/// How a scene begins.
pub fn first(graph: &Graph) -> World {
    let booked =
        |reference: &str, attempt| Purchase { booked: vec![(reference.to_owned(), attempt, PRICE)], ..Purchase::new() };
    let (attempts, service, purchases, duties) = match graph.scene {
        Scene::OnePurchase => (vec![], vec![], vec![Purchase::new()], vec![Duty::Sell { attempt: 1, rung: 1 }]),
        Scene::TwoPurchases => {
            let duties = vec![Duty::Sell { attempt: 1, rung: 1 }; 2];
            (vec![], vec![], vec![Purchase::new(), Purchase::new()], duties)
        }
        Scene::MoneyBack => {
            (vec![paid_before("A1", 1, 0)], vec![charged_before(0)], vec![booked("A1", 1)], vec![Duty::GiveBack])
        }
        Scene::TwiceCharged => {
            let failed = Attempt {
                state: State::Declined,
                amount_charged: None,
                receipt_number: None,
                copies: Copies::default(),
                begun_till: -12 * 60_000,
                finished_till: Some(-11 * 60_000),
                acknowledged_at: None,
                taken_over: None,
                reason: Some("failed".into()),
                ..paid_before("A1", 1, 0)
            };
            let paid = Attempt { begun_till: -10 * 60_000, ..paid_before("A1", 2, 1) };
            let failed_and_paid = Transaction { called_unpaid: true, ..charged_before(0) };
            let service = vec![failed_and_paid, charged_before(0)];
            (vec![failed, paid], service, vec![booked("A1", 2)], vec![Duty::Nothing])
        }
        Scene::BroughtBack => {
            let purchases = vec![Purchase::new(), booked("B1", 1)];
            let duties = vec![Duty::Sell { attempt: 1, rung: 1 }, Duty::Nothing];
            let dated = Attempt { server_date: Some(-20 * 60_000), ..paid_before("B1", 1, 0) };
            (vec![dated], vec![charged_before(1)], purchases, duties)
        }
    };
    World {
        clocks: Clocks::default(),
        file: File { attempts, ..File::default() },
        copy: None,
        was_brought_back: false,
        is_compared: false,
        process: Some(Process::default()),
        cashier: Cashier::new(duties),
        service,
        purchases,
        at_terminal: None,
        faults: graph.faults,
        is_disturbed: false,
        is_blind: false,
        is_asked: false,
        asks_are_due: true,
        is_told: false,
        broken: None,
    }
}
