//! The cashier with the documented till: does what `next_actions` says, in its order, and the documented start-up, and
//! nothing cleverer.

use std::collections::VecDeque;

use secupos::payment::action::Action;
use secupos::payment::attempt::Decision;
use secupos::payment::outcome::Outcome;
use secupos::payment::state::Standing;
use secupos::payment::transitions::Transition;
use secupos::payment::trigger::Trigger;
use secupos::payment::voice::{Told, acknowledged};

use crate::graphs::Behaviour;
use crate::service::Truth;
use crate::telling::Object;
use crate::terminal::customer;
use crate::till::{Call, Fault, Phase};
use crate::world::{Move, Step};

/// What the cashier still has to do about a purchase. `rung`: under which reference, counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Duty {
    /// To sell it: this attempt is next, or was asked for and not answered.
    Sell { attempt: i32, rung: u8 },
    /// The same, after a person has confirmed that it is another sale.
    SellConfirmed { attempt: i32, rung: u8 },
    /// To find out what became of it.
    FindOut { rung: u8 },
    /// To give its money back over the card.
    GiveBack,
    /// The same, after a person has confirmed that it is old.
    GiveBackConfirmed,
    /// Nothing.
    Nothing,
}

/// The cashier.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Cashier {
    /// For each purchase.
    pub duties: Vec<Duty>,
    /// What the till has told and what is not done yet.
    objects: VecDeque<Object>,
    /// The start-up is owed: after a crash, or because the till has said so.
    owes_start_up: bool,
    /// What is done now was told by the start-up.
    in_start_up: bool,
}

impl Cashier {
    pub fn new(duties: Vec<Duty>) -> Cashier {
        Cashier { duties, objects: VecDeque::new(), owes_start_up: false, in_start_up: false }
    }

    pub fn is_acting(&self) -> bool {
        !self.objects.is_empty()
    }

    /// Whether somebody waits for money back.
    pub fn is_to_give_back(&self) -> bool {
        self.duties.iter().any(|duty| matches!(duty, Duty::GiveBack | Duty::GiveBackConfirmed))
    }

    pub fn owes_start_up(&self) -> bool {
        self.owes_start_up
    }

    /// The till's program has died, and knows nothing any more of what it was about to do.
    pub fn forget(&mut self) {
        self.objects.clear();
        (self.owes_start_up, self.in_start_up) = (true, false);
    }

    pub fn is_told(&mut self, objects: Vec<Object>, in_start_up: bool) {
        self.objects = objects.into();
        self.in_start_up = in_start_up;
    }
}

/// The till's number for a purchase, as it is rung up for the first time or again.
pub fn reference(purchase: usize, rung: u8) -> String {
    format!("{}{rung}", customer(purchase))
}

impl Step<'_> {
    pub fn start_up(&mut self) {
        self.say(|| "The till is started, and recovers all.".into());
        self.world.cashier.owes_start_up = false;
        self.call(Call::RecoverAll);
    }

    /// Whether anything is not proven.
    pub fn has_to_ask(&self) -> bool {
        self.world.file.attempts.iter().any(|attempt| attempt.is_asked_about(self.now()))
    }

    /// What the cashier can do now.
    pub fn moves_of_cashier(&self, moves: &mut Vec<Move>) {
        let world = &*self.world;
        if let Some(at) = self.is_decidable_in_flight() {
            self.moves_to_decide(at, moves);
        }
        if world.cashier.is_acting() {
            moves.push(Move::Acts);
            return;
        }
        if !world.is_idle() {
            return;
        }
        if world.cashier.owes_start_up {
            moves.push(Move::StartUp);
            return;
        }
        if world.file.in_recovery {
            moves.push(Move::LossIsAccepted);
        }
        let has_to_ask = self.has_to_ask() && !world.is_asked;
        if has_to_ask && world.asks_are_due {
            moves.push(Move::Asks);
        } else if !has_to_ask && !world.is_told {
            moves.push(Move::StartUp);
        }
        for (purchase, duty) in world.cashier.duties.iter().enumerate() {
            let earlier = &world.cashier.duties[..purchase];
            let is_turn = earlier.iter().all(|duty| matches!(duty, Duty::FindOut { .. } | Duty::Nothing));
            match duty {
                Duty::Sell { .. } | Duty::SellConfirmed { .. } if is_turn => moves.push(Move::Cashier(*duty, purchase)),
                Duty::FindOut { rung } => {
                    moves.push(Move::Cashier(*duty, purchase));
                    let is_there = !world.purchases[purchase].is_gone;
                    if *rung == 1 && is_there && self.graph.has(Behaviour::RungUpAgain) {
                        moves.push(Move::Cashier(Duty::Sell { attempt: 1, rung: 2 }, purchase));
                    }
                }
                Duty::GiveBack | Duty::GiveBackConfirmed => moves.push(Move::Cashier(*duty, purchase)),
                _ => {}
            }
        }
        for (at, attempt) in world.file.attempts.iter().enumerate() {
            match attempt.standing() {
                Standing::InDoubt => self.moves_to_decide(at, moves),
                Standing::Reversing => self.moves_to_decide_reversal(at, moves),
                _ => {}
            }
        }
    }

    /// A person sees what the terminal shows, what is on its slips, and what the customer says; and is wrong only where
    /// no client can be right.
    fn moves_to_decide(&self, at: usize, moves: &mut Vec<Move>) {
        let Some(number) = self.number_of(at) else { return };
        if self.attempt(at).standing() != Standing::InDoubt {
            return;
        }
        let transaction = &self.world.service[number];
        let is_wrong_too = self.graph.has(Behaviour::WronglyDecided) && !self.world.is_disturbed;
        let is_paid = transaction.truth == Truth::Paid;
        let can_be_paid = is_paid || transaction.is_running();
        if is_paid || is_wrong_too {
            moves.push(Move::Decides { at, paid: true });
        }
        if !can_be_paid || is_wrong_too {
            moves.push(Move::Decides { at, paid: false });
        }
    }

    fn moves_to_decide_reversal(&self, at: usize, moves: &mut Vec<Move>) {
        let Some(number) = self.number_of(at) else { return };
        let transaction = &self.world.service[number];
        // Whoever takes it for reversed by mistake is contradicted by nobody: a service may go on saying `ok` for ever.
        let is_wrong_too = self.graph.has(Behaviour::WronglyDecided) && !self.world.is_disturbed;
        let is_reversed = transaction.truth == Truth::Reversed;
        if is_reversed {
            moves.push(Move::DecidesReversal { at, reversed: true });
        }
        if !is_reversed && transaction.reversing.is_none() || is_wrong_too {
            moves.push(Move::DecidesReversal { at, reversed: false });
        }
    }

    pub fn cashier_goes_on(&mut self, duty: Duty, purchase: usize) {
        let pay = |attempt, rung, confirmed| {
            let reference = reference(purchase, rung);
            Call::Pay { purchase, reference, attempt, confirmed }
        };
        let call = match duty {
            Duty::Sell { attempt, rung } => pay(attempt, rung, false),
            Duty::SellConfirmed { attempt, rung } => pay(attempt, rung, true),
            Duty::FindOut { rung } => Call::Recover { reference: reference(purchase, rung) },
            Duty::GiveBack => Call::Reverse { at: self.payment_of(purchase), confirmed: false },
            Duty::GiveBackConfirmed => Call::Reverse { at: self.payment_of(purchase), confirmed: true },
            Duty::Nothing => unreachable!("nothing is to be done"),
        };
        self.world.cashier.duties[purchase] = duty;
        self.say(|| match &call {
            Call::Pay { reference, attempt, .. } => {
                format!("The cashier lets customer {} pay: {reference}/{attempt}.", customer(purchase))
            }
            Call::Recover { reference } => format!("The cashier asks what became of {reference}."),
            Call::RecoverAll => "The cashier recovers all.".into(),
            Call::Reverse { .. } => {
                format!("Customer {} wants the money back: the cashier reverses it.", customer(purchase))
            }
        });
        self.call(call);
    }

    /// The last attempt at a purchase that is in the file.
    fn payment_of(&self, purchase: usize) -> usize {
        let name = customer(purchase);
        let mut attempts = self.world.file.attempts.iter();
        attempts.rposition(|attempt| attempt.reference.starts_with(name)).expect("it was paid")
    }

    fn purchase_of(&self, at: usize) -> usize {
        let reference = &self.attempt(at).reference;
        (0..self.world.purchases.len()).find(|purchase| reference.starts_with(customer(*purchase))).expect("a purchase")
    }

    fn rung_of(&self, at: usize) -> u8 {
        self.attempt(at).reference.as_bytes()[1] - b'0'
    }

    /// The next thing of what the till has told; when all is done, the object is acknowledged.
    pub fn cashier_acts(&mut self) {
        let mut object = self.world.cashier.objects.pop_front().expect("something to do");
        let purchase = self.purchase_of(object.at);
        self.book(&object, purchase);
        while !object.actions.is_empty() {
            let action = object.actions.remove(0);
            let is_money = self.act(action, &object, purchase);
            if is_money {
                self.world.cashier.objects.push_front(object);
                return;
            }
        }
        self.finish(&object);
        if !self.world.cashier.is_acting() {
            if self.world.cashier.in_start_up && !self.world.cashier.owes_start_up {
                self.world.is_told = true;
            }
            self.world.cashier.in_start_up = false;
        }
    }

    /// Does one thing. Returns whether cash changed hands.
    fn act(&mut self, action: Action, object: &Object, purchase: usize) -> bool {
        let attempt = self.attempt(object.at).clone();
        let rung = self.rung_of(object.at);
        let charged = object.amount.unwrap_or(attempt.money.minor);
        let price = self.world.purchases[purchase].price;
        match action {
            Action::Refund => {
                self.say(|| format!("The cashier gives {charged} back in cash."));
                self.world.purchases[purchase].given_back += charged;
                self.world.cashier.duties[purchase] = Duty::Nothing;
                return true;
            }
            Action::Collect | Action::CollectRest => {
                let due = if action == Action::Collect { price } else { object.due.unwrap_or_default() };
                self.say(|| format!("The cashier collects {due} in cash."));
                let missing = price - self.world.kept(purchase) - self.world.purchases[purchase].collected;
                // Where the service lies, what is missing is not for a client to know.
                if due > missing && self.graph.must_be_right() {
                    self.world.broken = Some(crate::invariants::Broken(6));
                }
                self.world.purchases[purchase].collected += due;
                // Now it is paid in full.
                self.world.cashier.duties[purchase] = Duty::Nothing;
                return true;
            }
            Action::TryAgain => {
                let next = attempt.attempt + 1;
                // Nobody offers it to a customer who has left, or who has paid under another number.
                let is_wanted =
                    self.world.purchases[purchase].booked.is_empty() && !self.world.purchases[purchase].is_gone;
                self.world.cashier.duties[purchase] = match is_wanted && next <= self.graph.most_attempts(attempt.why())
                {
                    true => Duty::Sell { attempt: next, rung },
                    false => Duty::Nothing,
                };
            }
            Action::CheckUnfinished => self.world.cashier.owes_start_up = true,
            Action::RecoverLater if object.outcome == Outcome::Unknown => {
                self.world.cashier.duties[purchase] = Duty::FindOut { rung };
            }
            Action::PrintMerchant
            | Action::TakeSignature
            | Action::PrintCustomer
            | Action::RecoverLater
            | Action::LookAtTerminal
            | Action::AskCashier
            | Action::CallSupport => {}
        }
        false
    }

    /// The till's books say what the till was told.
    fn book(&mut self, object: &Object, purchase: usize) {
        let attempt = self.attempt(object.at);
        let (reference, number) = (attempt.reference.clone(), attempt.attempt);
        let amount = object.amount.unwrap_or(attempt.money.minor);
        let is_paid = object.outcome == Outcome::Approved;
        let booked = &mut self.world.purchases[purchase].booked;
        booked.retain(|book| (&book.0, book.1) != (&reference, number));
        if is_paid {
            booked.push((reference, number, amount));
            booked.sort();
        }
        if matches!(object.outcome, Outcome::Approved | Outcome::Reversed)
            && !matches!(self.world.cashier.duties[purchase], Duty::GiveBack | Duty::GiveBackConfirmed)
        {
            self.world.cashier.duties[purchase] = Duty::Nothing;
        }
        if object.outcome == Outcome::Reversed {
            self.world.cashier.duties[purchase] = Duty::Nothing;
        }
    }

    /// All is done: the till takes it over, if it is something to be taken over.
    fn finish(&mut self, object: &Object) {
        let is_final =
            matches!(object.outcome, Outcome::Approved | Outcome::Reversed) || object.contradiction.is_some();
        let attempt = self.attempt(object.at).clone();
        let purchase = self.purchase_of(object.at);
        // A sale that nobody tries again is closed, too.
        let is_given_up = matches!(object.outcome, Outcome::Failed | Outcome::NotStarted)
            && self.world.cashier.duties[purchase] == Duty::Nothing;
        if !is_final && !is_given_up || attempt.standing() == Standing::Reversing {
            return;
        }
        let of: Vec<usize> = match self.graph.is_without(11) {
            // The whole sale, whatever was told of it.
            true => {
                let attempts = self.world.file.attempts.iter().enumerate();
                attempts.filter(|(_, one)| one.reference == attempt.reference).map(|(at, _)| at).collect()
            }
            false => vec![object.at],
        };
        for at in of {
            let found = self.attempt(at).clone();
            let standing = found.standing();
            self.play.coverage.reach_cell(standing, Trigger::Acknowledges);
            if Transition::of(standing, Trigger::Acknowledges) == Transition::Never {
                continue;
            }
            let told = if self.graph.is_without(11) { Told::of(&found, false) } else { object.told };
            let taken_over = acknowledged(&found, told, 0);
            if taken_over != found {
                self.say(|| format!("The till acknowledges {}/{}.", found.reference, found.attempt));
                self.world.file.attempts[at] = taken_over;
            }
        }
    }

    /// A call that has sent nothing.
    pub fn hand_over_fault(&mut self, call: &Call, fault: &Fault) {
        self.say(|| format!("The till says that nothing was sent: {}.", fault.text()));
        self.hang_up();
        match (call, fault) {
            (Call::Pay { purchase, attempt, .. }, Fault::PossibleDuplicate(other)) => {
                let is_same_purchase = other.starts_with(customer(*purchase));
                let Duty::Sell { rung, .. } = self.world.cashier.duties[*purchase] else { return };
                self.world.cashier.duties[*purchase] = match is_same_purchase {
                    true => Duty::FindOut { rung: other.as_bytes()[1] - b'0' },
                    // Another person, another basket: that is easily said.
                    false => Duty::SellConfirmed { attempt: *attempt, rung },
                };
            }
            (Call::Pay { purchase, .. }, Fault::Forbidden) => {
                let rung = match self.world.cashier.duties[*purchase] {
                    Duty::Sell { rung, .. } | Duty::SellConfirmed { rung, .. } => rung,
                    _ => 1,
                };
                self.world.cashier.duties[*purchase] = Duty::FindOut { rung };
            }
            (Call::Recover { .. }, Fault::Ambiguous) => self.world.cashier.owes_start_up = true,
            (Call::Reverse { .. }, Fault::Unconfirmed) => self.world.cashier.duties[0] = Duty::GiveBackConfirmed,
            (Call::Reverse { .. }, Fault::Forbidden) => self.world.cashier.duties[0] = Duty::Nothing,
            _ => {}
        }
    }

    /// Somebody at the till says what became of a payment in doubt.
    pub fn decide(&mut self, at: usize, paid: bool) {
        let trigger = if paid { Trigger::DecidesPaid } else { Trigger::DecidesNotPaid };
        let standing = self.attempt(at).standing();
        self.play.coverage.reach_cell(standing, trigger);
        let reference = self.attempt(at).reference.clone();
        self.say(|| format!("The cashier looks, and decides {reference}: {}paid.", if paid { "" } else { "not " }));
        let now = self.now();
        let decision = Decision {
            paid,
            operator: "Anna".into(),
            reason: "seen".into(),
            slip_number: None,
            decided_at: 0,
            decided_till: now,
        };
        let number = self.number_of(at).expect("a transaction");
        let transaction = &self.world.service[number];
        let is_wrong = if paid {
            transaction.truth != Truth::Paid
        } else {
            transaction.is_running() || transaction.truth == Truth::Paid
        };
        self.world.is_disturbed |= is_wrong;
        let decided = self.attempt(at).after_decision(decision).expect("it is in doubt");
        self.store(at, decided);
        self.change();
        if self.world.is_idle() {
            self.call_ends(at);
        }
    }

    /// A decision is told at once, as what it is.
    pub fn call_ends(&mut self, at: usize) {
        let reference = self.attempt(at).reference.clone();
        self.open().call = Some((Call::Recover { reference }, Phase::Ended { of: vec![at] }));
    }

    /// The operator looks at the service's own list: what was paid is booked by hand, and not sold again.
    pub fn accept_loss(&mut self) {
        self.say(|| {
            "The operator looks up what was paid, books it by hand, and accepts that the file is an older one.".into()
        });
        let attempts = &self.world.file.attempts;
        let is_unknown = |number: &usize| {
            let id = number.to_string();
            !attempts.iter().any(|attempt| attempt.transaction_id.as_ref() == Some(&id))
        };
        let unknown: Vec<usize> = (0..self.world.service.len()).filter(is_unknown).collect();
        for number in &unknown {
            let transaction = &self.world.service[*number];
            if transaction.charge.is_some() {
                self.world.cashier.duties[transaction.purchase] = Duty::Nothing;
            }
        }
        self.world.file.accepted.extend(unknown);
        self.world.file.in_recovery = false;
        self.change();
    }
}

impl Fault {
    fn text(&self) -> String {
        match self {
            Fault::PossibleDuplicate(other) => format!("a possible duplicate of {other}"),
            Fault::Forbidden => "this attempt must not be made".into(),
            Fault::Busy => "something else is in doubt".into(),
            Fault::Recovery => "the state file is not what it was".into(),
            Fault::Ambiguous => "two attempts need something".into(),
            Fault::Unconfirmed => "a person must confirm it".into(),
            Fault::Unsure => "the service does not say that it is paid".into(),
        }
    }
}
