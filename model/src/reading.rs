//! Asking the service, and what comes of it over a line that may break.

use secupos::payment::attempt::Copies;
use secupos::payment::verdict::{Body, Came, ReadVerdict, RemoteStatus, of_read};

use crate::graphs::Behaviour;
use crate::service::{Answer, Word};
use crate::world::Step;

/// What a read has shown.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub verdict: ReadVerdict,
    pub amount: Option<i64>,
    pub is_unreadable: bool,
    pub receipt_number: Option<i64>,
    pub copies: Copies,
}

/// An answer as the wire judges it.
pub fn came(answer: Answer) -> Came {
    match answer {
        Answer::Lost => Came::Lost,
        Answer::Error { http, of_token } => Came::Answer(http, Body::Refusal { of_token }),
        Answer::Says(word) => {
            Came::Answer(200, Body::Ours(RemoteStatus::of(Some(word.text()), word == Word::Cancelled)))
        }
    }
}

impl Step<'_> {
    /// What the transaction says besides its word.
    pub fn seen(&self, number: usize, verdict: ReadVerdict) -> Seen {
        let transaction = &self.world.service[number];
        let has_receipts = transaction.receipts;
        let charged = transaction.charge.map(|charge| charge.amount);
        let is_unreadable = self.graph.has(Behaviour::AmountUnreadable) && charged.is_some();
        Seen {
            verdict,
            // Without axiom 15 nobody looks at what was charged.
            amount: charged.filter(|_| !is_unreadable && !self.graph.is_without(15)),
            is_unreadable,
            receipt_number: charged.map(|_| number as i64 + 1),
            copies: Copies { merchant: has_receipts, customer: has_receipts },
        }
    }

    /// Whether the answer to what was just asked does not come.
    pub fn is_lost(&mut self) -> bool {
        let is_lost = self.graph.has(Behaviour::AnswersLost) && self.world.faults > 0 && self.play.may();
        self.world.faults -= u8::from(is_lost);
        is_lost
    }

    /// Reads the transaction of an attempt; the answer may be lost.
    pub fn read(&mut self, at: usize) -> Seen {
        let number = self.number_of(at).expect("a transaction");
        let answer = if self.is_lost() { Answer::Lost } else { self.world.service[number].read() };
        self.say(|| match answer {
            Answer::Lost => format!("The library reads transaction {number}, and no answer comes."),
            Answer::Says(word) => format!("The library reads transaction {number}: {}.", word.text()),
            Answer::Error { http, .. } => format!("The library reads transaction {number}: HTTP {http}."),
        });
        let verdict = of_read(came(answer));
        self.seen(number, verdict)
    }
}
