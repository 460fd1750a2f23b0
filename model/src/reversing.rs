//! Money back over the card: cancelTrx at the service, and the library's side of it.

use std::time::Duration;

use secupos::payment::changes::{ReversalNote, Reversing};
use secupos::payment::resolution::Ending;
use secupos::payment::reversal::{Age, NotReversible, Since, Situation, Step as Next, may_reverse, next_step};
use secupos::payment::reversal_record::ReversalDecision;
use secupos::payment::state::State;
use secupos::payment::trigger::Trigger;
use secupos::payment::verdict::{Came, ReadVerdict, RemoteStatus, ReversalVerdict, of_reversal};

use crate::doubt::RESOLVE;
use crate::graphs::Behaviour;
use crate::reading::came;
use crate::service::{Answer, REFUSED, Truth, Word};
use crate::till::{Fault, GRACE, Phase};
use crate::world::Step;

impl Step<'_> {
    /// `reverse`: by the file, then by the service, then the row.
    pub fn reverse(&mut self, at: usize, confirmed: bool) {
        let attempt = self.attempt(at).clone();
        let till = self.now() - attempt.begun_till;
        let age = Age { till, wall: till + self.world.clocks.wall, server: None };
        match may_reverse(&attempt, &Since::default(), age, confirmed) {
            Ok(()) => {}
            Err(NotReversible::Unconfirmed | NotReversible::RefundAskedFor) => {
                return self.is_over(Phase::Failed(Fault::Unconfirmed));
            }
            Err(_) => return self.is_over(Phase::Failed(Fault::Forbidden)),
        }
        let now = self.now();
        let mut others = self.world.file.attempts.iter().enumerate();
        if others.any(|(other, known)| other != at && known.holds_the_terminal(now)) {
            return self.is_over(Phase::Failed(Fault::Busy));
        }
        let seen = self.read(at);
        match seen.verdict {
            ReadVerdict::Says(RemoteStatus::Paid) => {}
            ReadVerdict::Says(status) if status.is_final() && attempt.is_word_believed(status, self.now()) => {
                let finish = self.said(at, status, &seen);
                self.settle(at, &finish);
                return self.is_over(Phase::Ended { of: vec![at] });
            }
            _ => return self.is_over(Phase::Failed(Fault::Unsure)),
        }
        let standing = attempt.standing();
        self.play.coverage.reach_cell(standing, Trigger::Reverse);
        let reversing =
            Reversing { at: 0, till: self.now(), grace: GRACE, action: "", confirmed_by: confirmed.then_some("Anna") };
        let reversing = attempt.after_reversing(&reversing).expect("it may be reversed");
        self.store(at, reversing);
        self.is_over(Phase::ReversalStored { at });
    }

    /// The service's side of cancelTrx, and how it may go.
    pub fn send_reversal(&mut self, at: usize) {
        let number = self.number_of(at).expect("a transaction");
        self.say(|| format!("The library sends cancelTrx for transaction {number}."));
        let is_done = self.world.service[number].truth == Truth::Reversed;
        if is_done || self.world.service[number].reversing.is_some() {
            self.say(|| "The service refuses it at once: already reversed.".into());
            return self.reversal_is_over(at, came(REFUSED));
        }
        let mut ways = vec![Way::Done];
        if self.graph.has(Behaviour::CancelRefused) {
            ways.push(Way::Refused);
        }
        if self.graph.has(Behaviour::CancelLost) {
            ways.extend([Way::LostAndDone, Way::LostBefore]);
        }
        if self.graph.has(Behaviour::CancelLate) {
            ways.push(Way::LostAndLate);
        }
        match ways[self.play.choose(ways.len())] {
            Way::Done => {
                self.is_cancelled(number);
                self.is_over(Phase::ReversalOpen { at });
            }
            Way::Refused => {
                self.say(|| "The service refuses it at once.".into());
                self.reversal_is_over(at, came(REFUSED));
            }
            Way::LostAndDone => {
                self.is_cancelled(number);
                self.say(|| "The connection of cancelTrx breaks.".into());
                self.reversal_is_over(at, Came::Lost);
            }
            Way::LostBefore => {
                self.say(|| "The connection of cancelTrx breaks before anything came through.".into());
                self.reversal_is_over(at, Came::Lost);
            }
            Way::LostAndLate => {
                self.say(|| "The connection of cancelTrx breaks, and the terminal will do it later.".into());
                self.world.service[number].reversing = Some(self.real());
                self.change();
                self.reversal_is_over(at, Came::Lost);
            }
        }
    }

    /// cancelTrx is answered, if nothing breaks.
    pub fn reversal_answers(&mut self, at: usize) {
        let is_lost = self.world.faults > 0 && self.play.may();
        if is_lost {
            self.world.faults -= 1;
            self.say(|| "The answer to cancelTrx is lost.".into());
        }
        let answer = if is_lost { Came::Lost } else { came(Answer::Says(Word::Cancelled)) };
        self.reversal_is_over(at, answer);
    }

    fn reversal_is_over(&mut self, at: usize, came: Came) {
        let now = self.world.clocks.awake;
        let sent_before = self.attempt(at).reversal.as_ref().is_some_and(|reversal| reversal.was_sent_before);
        let reading = |refused| Phase::ReversalReading { at, wake: now, until: now + RESOLVE, refused };
        match of_reversal(came, Duration::from_secs(2)) {
            ReversalVerdict::Reversed => {
                let finish = self.end(Ending { state: State::Reversed, reason: None, fenced: false }, None);
                self.settle(at, &finish);
                self.is_over(Phase::Ended { of: vec![at] });
            }
            ReversalVerdict::Refused { at_once, .. } => {
                // Without axiom 13 any refusal is believed, also that of a second request.
                let is_first = !sent_before || self.graph.is_without(13);
                self.is_over(reading((at_once && is_first).then_some(now)));
            }
            ReversalVerdict::InDoubt | ReversalVerdict::Another => self.is_over(reading(None)),
            ReversalVerdict::NeverSent => unreachable!("the line breaks only after the first byte here"),
        }
    }

    /// Reads until the service says cancelled, or time is up.
    pub fn find_out_reversal(&mut self, at: usize, until: i64, refused: Option<i64>) {
        let now = self.world.clocks.awake;
        let seen = self.read(at);
        let left = Duration::from_millis(u64::try_from(until - now).unwrap_or(0));
        let pause = Duration::from_secs(60);
        let first_was_refused = refused.map(|at| Duration::from_millis(u64::try_from(now - at).unwrap_or(0)));
        match next_step(&Situation { said: Some(seen.verdict), first_was_refused, left, pause }) {
            Next::Read { after } => {
                let wake = now + i64::try_from(after.as_millis()).expect("a short wait");
                return self.is_over(Phase::ReversalReading { at, wake, until, refused });
            }
            Next::Conclude(status) => {
                let finish = self.said(at, status, &seen);
                self.settle(at, &finish);
            }
            Next::Refused => self.note_not_reversed(at),
            Next::GiveUp => {
                self.play.coverage.reach_cell(self.attempt(at).standing(), Trigger::NothingFinal);
            }
        }
        self.is_over(Phase::Ended { of: vec![at] });
    }

    fn note_not_reversed(&mut self, at: usize) {
        let standing = self.attempt(at).standing();
        self.play.coverage.reach_cell(standing, Trigger::NotReversed);
        if let Some(refused) = self.attempt(at).after_reversal_note(ReversalNote::Refused, None, None) {
            self.store(at, refused);
        }
    }

    /// A person says what became of a reversal.
    pub fn decide_reversal(&mut self, at: usize, reversed: bool) {
        let trigger = if reversed { Trigger::DecidesReversed } else { Trigger::DecidesNotReversed };
        let standing = self.attempt(at).standing();
        self.play.coverage.reach_cell(standing, trigger);
        self.say(|| format!("The cashier looks, and decides: {}reversed.", if reversed { "" } else { "not " }));
        let now = self.now();
        let decision = ReversalDecision {
            reversed,
            operator: "Anna".into(),
            reason: "seen".into(),
            decided_at: 0,
            decided_till: now,
        };
        let number = self.number_of(at).expect("a transaction");
        let transaction = &self.world.service[number];
        self.world.is_disturbed |=
            !reversed && (transaction.truth == Truth::Reversed || transaction.reversing.is_some());
        let decided = self.attempt(at).after_reversal_decision(decision).expect("it is in doubt");
        self.store(at, decided);
        self.change();
        self.call_ends(at);
    }
}

/// How a cancelTrx may go.
#[derive(Clone, Copy)]
enum Way {
    Done,
    Refused,
    LostAndDone,
    LostBefore,
    LostAndLate,
}
