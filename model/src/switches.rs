//! The fifteen axioms, each switched off alone: what the library would do without it, and the shortest story of what comes of
//! that. The shipping functions know no switch; it is the model that asks them about something else, or does not ask.

use crate::graphs::{Behaviour, Graph, Life, Scene};
use crate::invariants::Broken;
use crate::search::search;

use Behaviour::*;

/// What was broken, and how.
pub type Story = (Broken, Vec<String>);

/// An axiom, the scene in which it is needed, and how it reads in one line.
pub struct Switch {
    pub axiom: u8,
    pub says: &'static str,
    /// What the library does instead.
    pub without: &'static str,
    scene: Scene,
    behaviours: &'static [Behaviour],
}

const fn switch(
    axiom: u8,
    says: &'static str,
    without: &'static str,
    scene: Scene,
    behaviours: &'static [Behaviour],
) -> Switch {
    Switch { axiom, says, without, scene, behaviours }
}

#[rustfmt::skip]
pub const SWITCHES: [Switch; 15] = [
    switch(1, "one start per transaction, ever",
        "a start whose token was refused is sent again, because the service says `created`",
        Scene::OnePurchase, &[TokenKilled, Lags]),
    switch(2, "one synced write before the first byte of start",
        "the row is written when start has been sent",
        Scene::OnePurchase, &[]),
    switch(3, "start's own answer outranks every side read",
        "a read beside start may say that it failed",
        Scene::OnePurchase, &[RunningSaysFailed]),
    switch(4, "nothing negative without proof",
        "what is read right after the abort is believed",
        Scene::OnePurchase, &[RefusedAtOnce, Lags, AbortFollows]),
    switch(5, "the abort never guesses",
        "whatever is not final is aborted, and not only what says `created`",
        Scene::OnePurchase, &[RefusedAtOnce, AbortFollows]),
    switch(6, "the grace is as long as a start may take",
        "the grace is 30 s",
        Scene::OnePurchase, &[ArrivesLate, AbortFollows]),
    switch(7, "till time, which nobody can set",
        "the wall clock is asked instead",
        Scene::OnePurchase, &[ArrivesLate, AbortFollows, ClockSet]),
    switch(8, "a possible duplicate is asked about",
        "nobody asks whether it is the same purchase",
        Scene::OnePurchase, &[RungUpAgain]),
    switch(9, "a terminal that is busy takes no other payment",
        "the next customer pays while the last start may still come",
        Scene::TwoPurchases, &[ArrivesLate]),
    switch(10, "what is not proven is asked about again",
        "nobody asks again",
        Scene::OnePurchase, &[FailedThenPaid]),
    switch(11, "a sale speaks with one voice",
        "a sale is told by its last attempt, and acknowledged as a whole",
        Scene::TwiceCharged, &[]),
    switch(12, "a person can decide, and nothing is overwritten",
        "the service's `ok` overwrites what a person said of the reversal",
        Scene::MoneyBack, &[CancelLost, SaysOkForEver]),
    switch(13, "money back only after a first refusal",
        "any refusal of cancelTrx is believed, also \"already reversed\"",
        Scene::MoneyBack, &[CancelLost, SaysOkForEver]),
    switch(14, "a state file that was brought back is noticed",
        "nobody looks at the service's list",
        Scene::BroughtBack, &[]),
    switch(15, "a part is not the whole",
        "nobody looks at how much was charged",
        Scene::OnePurchase, &[PaysPart]),
];

impl Switch {
    fn graph(&self) -> Graph {
        Graph { faults: 1, ..Graph::new(self.scene, Life::Long, self.behaviours) }
    }

    /// Where it is searched.
    pub fn place(&self) -> String {
        self.graph().name()
    }

    /// What comes of it without the axiom; none, if nothing does.
    pub fn story(&self) -> Option<Story> {
        search(&Graph { without: Some(self.axiom), ..self.graph() }, usize::MAX).violation
    }
}
