//! Finding out: start's own answer, reads beside it, and reads afterwards until the service's word is final.

use std::time::Duration;

use secupos::payment::attempt::{Attempt, Finish};
use secupos::payment::changes;
use secupos::payment::reason::Reason;
use secupos::payment::reconciliation::before_payment;
use secupos::payment::resolution::{Abort, Conclusion, Situation, Step as Next, next_step};
use secupos::payment::reversal_record::Stage;
use secupos::payment::rollback::{Found, Listed, look};
use secupos::payment::state::{Standing, State};
use secupos::payment::trigger::Trigger;
use secupos::payment::verdict::{Came, ReadVerdict, RemoteStatus, StartVerdict, of_abort, of_start};

use crate::graphs::Behaviour;
use crate::reading::{Seen, came};
use crate::service::{Answer, REFUSED, TOKEN_REFUSED, Truth};
use crate::till::{Aborted, PAYMENT, Phase, Reading};
use crate::world::Step;

/// For how long it is found out what became of a payment.
pub const RESOLVE: i64 = 60_000;
/// Between two reads: nothing that happens meanwhile could be told apart.
const PAUSE: Duration = Duration::from_secs(60);

fn millis(length: i64) -> Duration {
    Duration::from_millis(u64::try_from(length).unwrap_or(0))
}

impl Step<'_> {
    /// Which attempt start's open connection belongs to, and since when it is open by the clock that shows most.
    fn in_flight(&self) -> (usize, i64) {
        match &self.world.process.as_ref().expect("a process").call {
            Some((_, Phase::Open { at, sent, .. })) => (*at, self.real() - sent),
            other => unreachable!("no start is open: {other:?}"),
        }
    }

    /// Start's own answer.
    pub fn start_answers(&mut self, number: usize) {
        let answer = self.world.service[number].answer_to_start().expect("an answer");
        let elapsed = self.in_flight().1;
        self.start_is_over(number, came(answer), elapsed);
    }

    pub fn start_is_refused(&mut self, number: usize, of_token: bool, elapsed: i64) {
        let answer = if of_token { TOKEN_REFUSED } else { REFUSED };
        self.start_is_over(number, came(answer), elapsed);
    }

    pub fn start_is_refused_late(&mut self, number: usize) {
        self.say(|| format!("Start of transaction {number} is answered with an error, late."));
        let elapsed = self.in_flight().1;
        self.start_is_refused(number, false, elapsed);
    }

    pub fn line_is_broken(&mut self, number: usize) {
        self.say(|| "The connection of start breaks.".into());
        let elapsed = 0;
        self.start_is_over(number, Came::Lost, elapsed);
    }

    /// What came of start, judged.
    fn start_is_over(&mut self, number: usize, came: Came, elapsed: i64) {
        let now = self.real();
        self.world.service[number].hangs_up(now);
        // With axiom 2 off there may be no row yet; then nobody is there to judge.
        let Some((_, Phase::Open { at, .. })) = self.open().call else { return };
        let verdict = of_start(came, millis(elapsed));
        let awake = self.world.clocks.awake;
        match verdict {
            StartVerdict::Final(status) => {
                let seen = self.seen(number, ReadVerdict::Says(status));
                let finish = Finish { said_by_start: true, ..self.said(at, status, &seen) };
                self.say(|| format!("Start of transaction {number} is answered: {status:?}."));
                self.settle(at, &finish);
                self.is_over(Phase::Ended { of: vec![at] });
            }
            StartVerdict::Refused { of_token } => {
                let again = of_token && self.graph.is_without(1) && self.world.service[number].starts == 1;
                if again && self.world.service[number].word == crate::service::Word::Created {
                    self.start_again(number, at);
                } else {
                    self.is_over(Phase::Reading(Reading { refused: true, ..Reading::of(self.attempt(at), at, awake) }));
                }
            }
            StartVerdict::InDoubt { .. } => self.is_over(Phase::Reading(Reading::of(self.attempt(at), at, awake))),
            StartVerdict::NeverSent => {
                self.never_sent(at);
                self.is_over(Phase::Ended { of: vec![at] });
            }
        }
    }

    /// Only where axiom 1 is switched off: the transaction says `created`, so it is started once more.
    fn start_again(&mut self, number: usize, at: usize) {
        self.say(|| format!("The service says created, so the library starts transaction {number} once more."));
        let (since, sent) = (self.world.clocks.awake, self.real());
        self.world.service[number].starts += 1;
        self.world.service[number].connected = true;
        self.is_over(Phase::Open { at, since, sent, has_read: false });
        match self.world.service[number].truth {
            // The terminal is busy with the first one, and fails the second.
            Truth::AtTerminal => {
                let failed = came(Answer::Says(crate::service::Word::Failed));
                self.say(|| "The terminal is busy with the first start, and the second one fails.".into());
                self.start_is_over(number, failed, 2_000);
            }
            Truth::Created => self.arrives(number),
            _ => {}
        }
    }

    /// A read beside start, which settles nothing but what was paid.
    pub fn read_beside(&mut self, at: usize, since: i64) {
        let number = self.number_of(at).expect("a transaction");
        if self.world.clocks.awake - since >= PAYMENT {
            self.say(|| "The till has waited for as long as a payment may take.".into());
            return self.start_is_over(number, Came::Lost, PAYMENT);
        }
        let seen = self.read(at);
        let settles = match seen.verdict {
            ReadVerdict::Says(RemoteStatus::Paid) => true,
            ReadVerdict::Says(status) => status.is_final() && self.graph.is_without(3),
            _ => false,
        };
        if settles && let ReadVerdict::Says(status) = seen.verdict {
            let now = self.real();
            let finish = self.said(at, status, &seen);
            self.settle(at, &finish);
            self.world.service[number].hangs_up(now);
            return self.is_over(Phase::Ended { of: vec![at] });
        }
        if let Some((_, Phase::Open { has_read, .. })) = &mut self.open().call {
            *has_read = true;
        }
    }

    /// Reads, aborts, concludes or gives up. Returns how far it is, or nothing where it is over for now.
    pub fn find_out(&mut self, mut reading: Reading) -> Option<Reading> {
        let at = reading.at;
        if self.attempt(at).state != State::Starting {
            if self.attempt(at).is_asked_about(self.now()) {
                self.look_again(at);
            }
            return None;
        }
        let (mut said, mut seen) = (None, None);
        loop {
            match next_step(&self.situation(&reading, said)) {
                Next::Read { after } if after.is_zero() || said.is_none() => {
                    let read = self.read(at);
                    if let ReadVerdict::Says(status) = read.verdict {
                        reading.word = reading.word.after(Some(format!("{status:?}")), self.now());
                    }
                    (said, seen) = (Some(read.verdict), Some(read));
                }
                Next::Read { after } => {
                    reading.wake = self.world.clocks.awake + i64::try_from(after.as_millis()).expect("a short wait");
                    return Some(reading);
                }
                Next::Abort => {
                    self.abort(at);
                    said = None;
                }
                Next::Conclude(conclusion) => {
                    self.conclude(&reading, conclusion, seen.as_ref());
                    return None;
                }
                Next::GiveUp => {
                    self.give_up(&reading);
                    return None;
                }
            }
        }
    }

    /// What is known of an attempt in doubt.
    fn situation(&self, reading: &Reading, said: Option<ReadVerdict>) -> Situation {
        let (attempt, now, awake) = (self.attempt(reading.at), self.now(), self.world.clocks.awake);
        let process = self.world.process.as_ref().expect("a process");
        let aborted = process.aborts.iter().find(|(of, _)| *of == reading.at).map(|(_, aborted)| *aborted);
        let abort = match aborted {
            None => Abort::Untried,
            Some(Aborted::Refused) => Abort::Refused,
            // Without axiom 4 what is read right after the abort is believed.
            Some(Aborted::Taken(_)) if self.graph.is_without(4) => Abort::Taken(Duration::from_secs(3600)),
            Some(Aborted::Taken(when)) => Abort::Taken(millis(awake - when)),
        };
        // Without axiom 5 any word that is not final is as good as `created`.
        let said = match said {
            Some(ReadVerdict::Says(RemoteStatus::Open)) if self.graph.is_without(5) => {
                Some(ReadVerdict::Says(RemoteStatus::Created))
            }
            said => said,
        };
        Situation {
            said,
            unchanged: reading.word.age(now),
            abort,
            left: millis(reading.until - awake),
            pause: PAUSE,
            ..Situation::of(attempt, reading.refused, now)
        }
    }

    /// Leaves it in doubt, and stores what is known.
    fn give_up(&mut self, reading: &Reading) {
        let doubt = changes::Doubt {
            reason: Reason::StillOpen,
            word: reading.word.text.as_deref(),
            word_since_till: reading.word.since,
            refused: reading.refused,
        };
        if let Some(noted) = self.attempt(reading.at).after_doubt(&doubt) {
            self.world.file.attempts[reading.at] = noted;
        }
        self.play.coverage.reach_cell(self.attempt(reading.at).standing(), Trigger::NothingFinal);
    }

    fn abort(&mut self, at: usize) {
        if let Some(noted) = self.attempt(at).after_abort() {
            self.world.file.attempts[at] = noted;
        }
        let number = self.number_of(at).expect("a transaction");
        let (now, awake) = (self.real(), self.world.clocks.awake);
        let is_lost = self.is_lost();
        let answer = self.world.service[number].abort(self.graph, now);
        let is_taken = match is_lost {
            true => false,
            false => of_abort(came(answer)),
        };
        let comes = match () {
            () if is_lost => "no answer comes",
            () if is_taken => "it is taken",
            () => "it is refused",
        };
        self.say(|| format!("The library aborts transaction {number}: {comes}."));
        self.open().aborts.push((at, if is_taken { Aborted::Taken(awake) } else { Aborted::Refused }));
        self.world.is_asked = false;
    }

    fn conclude(&mut self, reading: &Reading, conclusion: Conclusion, seen: Option<&Seen>) {
        let refused = reading.refused.then_some(Reason::StartRefused);
        let finish = self.end(conclusion.ending(self.attempt(reading.at), refused), seen);
        self.settle(reading.at, &finish);
    }

    /// Reads once more what has an end already. Returns whether the service has said anything.
    fn look_again(&mut self, at: usize) -> bool {
        let seen = self.read(at);
        let ReadVerdict::Says(status) = seen.verdict else { return false };
        // Without axiom 12 the service's word counts for more than a person's.
        if self.graph.is_without(12) && self.attempt(at).standing() == Standing::DecidedReversed {
            let reversal = self.world.file.attempts[at].reversal.as_mut().expect("it was decided");
            (reversal.decision, reversal.stage, reversal.refused) = (None, Stage::NotReversed, true);
            self.world.file.attempts[at].acknowledged_at = None;
        }
        if self.attempt(at).is_proven_by(status, self.now()) {
            let proven = self.attempt(at).after_proof().expect("it was not proven");
            self.play.coverage.reach_cell(proven.standing(), Trigger::NotPaid);
            self.world.file.attempts[at] = proven;
        } else if status.is_final() && self.attempt(at).is_word_believed(status, self.now()) {
            let finish = self.said(at, status, &seen);
            self.settle(at, &finish);
        } else {
            self.play.coverage.reach_cell(self.attempt(at).standing(), Trigger::NothingFinal);
        }
        true
    }

    /// One read of what is not proven, and an abort where there is a ground for it. Returns whether the service has said
    /// anything.
    fn ask_about(&mut self, at: usize) -> bool {
        if self.attempt(at).transaction_id.is_none() {
            return true;
        }
        if self.attempt(at).state != State::Starting {
            return self.look_again(at);
        }
        let now = self.world.clocks.awake;
        let reading = Reading { until: now, ..Reading::of(self.attempt(at), at, now) };
        let faults = self.world.faults;
        self.find_out(reading);
        self.world.faults == faults
    }

    fn unproven(&self) -> Vec<Attempt> {
        self.world.file.attempts.iter().filter(|attempt| attempt.is_unproven()).cloned().collect()
    }

    /// Before a payment: the sale's own attempts, what holds the terminal, and some others.
    pub fn look_back(&mut self, reference: &str) -> Result<(), Reason> {
        let now = self.now();
        let plan = before_payment(self.unproven(), reference, now, |_| Some(0));
        let asks_again = !self.graph.is_without(10);
        for own in plan.own.iter().filter(|_| asks_again) {
            let at = self.place_of(own);
            if !self.ask_about(at) {
                return Err(Reason::NoConnection);
            }
        }
        if self.sale(reference).iter().any(Attempt::forbids_another) {
            return Err(Reason::AlreadyPaid);
        }
        for other in plan.holders.iter().chain(plan.others.iter().filter(|_| asks_again)) {
            let at = self.place_of(other);
            self.ask_about(at);
        }
        let holds = |attempt: &&Attempt| attempt.holds_the_terminal(now);
        let holder = self.world.file.attempts.iter().find(holds).cloned();
        match holder.filter(|_| !self.graph.is_without(9)) {
            Some(holder) => {
                // Longer than the grace nobody has to wait.
                if now - holder.begun_till > crate::till::GRACE && holder.reversal.is_none() {
                    self.world.broken = Some(crate::invariants::Broken(8));
                }
                Err(Reason::TerminalBusy)
            }
            None => Ok(()),
        }
    }

    /// An idle till asks about the rest. A command line has no idle till: it asks before the next customer's payment.
    pub fn ask_about_the_rest(&mut self) {
        self.say(|| "The till asks about what is not proven.".into());
        let now = self.now();
        let plan = before_payment(self.unproven(), "the next customer's", now, |_| Some(0));
        let mut all_answered = true;
        for other in plan.holders.iter().chain(&plan.others).filter(|_| !self.graph.is_without(10)) {
            let at = self.place_of(other);
            all_answered &= self.ask_about(at);
        }
        (self.world.is_asked, self.world.asks_are_due) = (all_answered, false);
    }

    /// The newest transactions, at the first payment after an open. Returns whether the file is what it was.
    pub fn list(&mut self, own: usize) -> bool {
        self.world.is_compared = true;
        let has_listed = std::mem::replace(&mut self.open().has_listed, true);
        if has_listed || self.graph.is_without(14) {
            return true;
        }
        if self.graph.has(Behaviour::ListRefused) {
            self.world.is_blind = true;
            return true;
        }
        let list: Vec<_> = (0..self.world.service.len()).rev().map(|number| self.listed(number)).collect();
        let attempts = &self.world.file.attempts;
        let last_date = attempts.iter().filter_map(|attempt| attempt.server_date).next_back();
        let accepted: Vec<_> = self.world.file.accepted.iter().map(usize::to_string).collect();
        let knows = |id: &str| {
            attempts.iter().any(|attempt| attempt.transaction_id.as_deref() == Some(id))
                || accepted.iter().any(|accepted| accepted == id)
        };
        let found = look(&list, &own.to_string(), Some("this till"), last_date, knows);
        self.say(|| format!("The library looks at the service's newest transactions: {found:?}."));
        self.world.file.in_recovery = matches!(found, Found::Newer(_));
        !self.world.file.in_recovery
    }

    fn listed(&self, number: usize) -> Listed {
        let transaction = &self.world.service[number];
        let is_paid = matches!(transaction.word, crate::service::Word::Ok | crate::service::Word::Cancelled);
        let device = Some("this till".to_owned());
        Listed { id: number.to_string(), is_paid, is_report: false, device, created: Some(transaction.created) }
    }
}
