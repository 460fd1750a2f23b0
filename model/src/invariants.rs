//! What must never be, I1 to I8, judged by the ledger and by what the cashier was told.

use secupos::payment::attempt::Attempt;

use crate::graphs::Graph;
use crate::ledger::Purchase;
use crate::world::World;

/// An invariant, by its number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Broken(pub u8);

impl Broken {
    pub fn text(self) -> &'static str {
        match self.0 {
            1 => "I1: a purchase was charged more than once",
            2 => "I2: a purchase was charged more than once, and nobody was told",
            3 => "I3: a transaction was started twice",
            4 => "I4: a payment that was charged was told as not paid",
            5 => "I5: somebody has paid another's purchase",
            6 => "I6: money was given back that was not there, or collected that was not due",
            7 => "I7: the books and the charges differ, and nothing is listed",
            8 => "I8: the till stays busy for ever",
            _ => "no invariant",
        }
    }
}

/// The first invariant that this state breaks.
pub fn broken(graph: &Graph, world: &World) -> Option<Broken> {
    let purchases = || 0..world.purchases.len();
    let mut service = world.service.iter();
    let is_broken = |number: u8, breaks: bool| breaks.then_some(Broken(number));
    let must_be_right = graph.must_be_right();
    world
        .broken
        .or_else(|| is_broken(3, service.clone().any(|transaction| transaction.starts > 1) && !graph.is_without(1)))
        .or_else(|| is_broken(6, purchases().any(|purchase| gave_too_much(world, purchase))))
        .or_else(|| is_broken(2, world.is_at_rest() && purchases().any(|purchase| hides_a_surplus(world, purchase))))
        .or_else(|| is_broken(7, world.is_at_rest() && !books_agree(graph, world)))
        .or_else(|| {
            if !must_be_right {
                return None;
            }
            let twice = |purchase: usize| world.kept(purchase) > world.purchases[purchase].price;
            is_broken(1, purchases().any(twice))
                .or(is_broken(5, service.clone().any(|one| one.charge.is_some_and(|paid| paid.payer != one.purchase))))
                .or(is_broken(4, service.any(|one| one.net() > 0 && one.called_unpaid)))
        })
}

fn gave_too_much(world: &World, purchase: usize) -> bool {
    world.purchases[purchase].given_back + world.reversed(purchase) > world.charged(purchase)
}

/// A surplus, over the card or in cash, that neither the till's list shows nor the cashier was told of.
fn hides_a_surplus(world: &World, purchase: usize) -> bool {
    let Purchase { price, collected, surplus_told, .. } = world.purchases[purchase];
    world.kept(purchase) + collected > price && !surplus_told
}

/// Each charge is booked with its amount or listed, and nothing is booked that was not charged.
fn books_agree(graph: &Graph, world: &World) -> bool {
    let attempt_of = |number: usize| {
        let id = number.to_string();
        world.file.attempts.iter().find(|attempt| attempt.transaction_id.as_ref() == Some(&id))
    };
    let booked = |purchase: usize, attempt: &Attempt| {
        let mut books = world.purchases[purchase].booked.iter();
        books
            .find(|(reference, number, _)| *reference == attempt.reference && *number == attempt.attempt)
            .map(|book| book.2)
    };
    world.service.iter().enumerate().all(|(number, transaction)| {
        let found = attempt_of(number);
        let is_listed = found.is_some_and(Attempt::is_unfinished)
            || world.file.in_recovery
            || world.file.accepted.contains(&number);
        let in_books = found.and_then(|attempt| booked(transaction.purchase, attempt));
        match in_books {
            _ if is_listed => true,
            // Of what cannot be read the cashier was told to look.
            Some(_) if found.is_some_and(|attempt| attempt.amount_unreadable) => true,
            Some(amount) => amount == transaction.net() || !graph.must_be_right(),
            None => transaction.net() == 0,
        }
    })
}
