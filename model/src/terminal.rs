//! The terminal and who stands at it: what moves money, and when.

use crate::graphs::Behaviour;
use crate::service::{Charge, Truth};
use crate::world::Step;

/// The customer's name in the story.
pub fn customer(purchase: usize) -> &'static str {
    ["A", "B", "C"][purchase]
}

impl Step<'_> {
    fn becomes(&mut self, number: usize, truth: Truth) {
        let now = self.real();
        self.world.service[number].becomes(truth, self.graph, now);
        self.change();
    }

    /// A start comes to the terminal. It has one customer at a time, and fails what comes meanwhile.
    pub fn arrives(&mut self, number: usize) {
        let is_busy =
            self.world.service.iter().any(|other| matches!(other.truth, Truth::AtTerminal | Truth::SaidFailed));
        match is_busy {
            true => {
                self.say(|| format!("The start of transaction {number} comes to a terminal that is busy, and fails."));
                self.becomes(number, Truth::Failed);
            }
            false => {
                self.say(|| format!("The terminal asks for a card, for transaction {number}."));
                self.becomes(number, Truth::AtTerminal);
            }
        }
    }

    pub fn is_dropped(&mut self, number: usize) {
        self.say(|| format!("The start of transaction {number} that was held back is dropped."));
        self.becomes(number, Truth::Created);
    }

    /// Whoever stands there pays what the terminal shows.
    pub fn pays(&mut self, number: usize) {
        let payer = self.world.at_terminal.expect("somebody stands there");
        let price = self.world.purchases[self.world.service[number].purchase].price;
        let amount = match () {
            () if self.graph.has(Behaviour::PaysPart) && self.play.may() => price / 2,
            () if self.graph.has(Behaviour::PaysTip) && self.play.may() => price + price / 4,
            () => price,
        };
        let whose = customer(self.world.service[number].purchase);
        self.say(|| {
            format!("Customer {} pays {amount} at the terminal: transaction {number}, {whose}'s.", customer(payer))
        });
        self.world.service[number].charge = Some(Charge { payer, amount });
        self.world.service[number].receipts = !self.graph.has(Behaviour::ReceiptsLate);
        self.becomes(number, Truth::Paid);
    }

    pub fn fails(&mut self, number: usize) {
        self.say(|| format!("Nobody pays transaction {number}: it fails at the terminal."));
        self.becomes(number, Truth::Failed);
    }

    pub fn says_failed(&mut self, number: usize) {
        self.say(|| {
            format!("The service calls transaction {number} failed, and the terminal goes on asking for a card.")
        });
        self.becomes(number, Truth::SaidFailed);
    }

    pub fn is_cancelled(&mut self, number: usize) {
        self.say(|| format!("The terminal cancels transaction {number}: the money goes back to the card."));
        self.world.service[number].reversing = None;
        self.becomes(number, Truth::Reversed);
    }
}
