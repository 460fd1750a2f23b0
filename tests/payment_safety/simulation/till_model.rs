//! A till that does what `next_actions` say, with a cashier and customers; that is killed; and that keeps its own list of
//! what it has booked, which must be the ledger in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::till::config::{Config, Timeout};
use secupos::till::doubt::Rules;
use secupos::till::outcome::{Action, Basis, Outcome};
use secupos::till::payment::{Abort, Payment};
use secupos::till::sale::Sale;
use secupos::till::{Surroundings, Till, Verdict};

use super::clock::{Life, lock};
use super::dice::Dice;
use super::network::{GRACE, Wire};
use super::service::AtTerminal;
use super::world::World;

/// Reference and attempt.
pub type Key = (String, i32);

/// What the library has told the till.
#[derive(Clone, Debug)]
pub struct Statement {
    pub at: Duration,
    pub key: Key,
    pub transaction: Option<String>,
    pub outcome: Outcome,
    pub basis: Basis,
    pub conflict: bool,
}

/// A customer with a basket.
pub struct Purchase {
    pub references: Vec<String>,
    amount: i64,
}

/// What the till's own database holds; it survives every crash.
#[derive(Default)]
pub struct Books {
    pub purchases: Vec<Purchase>,
    pub booked: BTreeSet<Key>,
    pub refunded: BTreeSet<Key>,
    pub collected: BTreeSet<Key>,
    pub statements: Vec<Statement>,
}

pub struct TillModel {
    world: Arc<Mutex<World>>,
    dice: Dice,
    rules: fn() -> Rules,
    state_file: PathBuf,
    process: Option<(Till, Life)>,
    pub books: Books,
}

/// Why there is no payment.
#[derive(Debug)]
enum NoPayment {
    Died,
    Refused(Status),
}

/// What the till does after a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Then {
    Done,
    /// The next attempt.
    TryAgain,
    /// The same attempt once more, which is always safe.
    SameAgain,
    /// The same basket under a new number.
    NewNumber,
    InDoubt,
}

impl TillModel {
    pub fn new(world: Arc<Mutex<World>>, seed: u64, rules: fn() -> Rules, folder: &Path) -> Self {
        let dice = Dice::new(!seed);
        let state_file = folder.join("till.db");
        let mut model = TillModel { world, dice, rules, state_file, process: None, books: Books::default() };
        model.open();
        model
    }

    fn note(&self, what: impl FnOnce() -> String) {
        lock(&self.world).note(what);
    }

    fn till(&self) -> &Till {
        &self.process.as_ref().expect("open").0
    }

    fn life(&self) -> &Life {
        &self.process.as_ref().expect("open").1
    }

    fn pass(&mut self, from_seconds: u64, to_seconds: u64) {
        let time = self.dice.millis(from_seconds * 1000, to_seconds * 1000);
        lock(&self.world).pass(time);
    }

    fn config(&self) -> Config {
        let mut config = Config::default();
        config.set_base_url("http://127.0.0.1:1").expect("a base URL");
        config.set_client_credentials("id", "secret").expect("credentials");
        config.set_device_code("code").expect("a device code");
        config.set_state_file(&self.state_file, IfMissing::Create).expect("a state file");
        config.set_timeout_ms(Timeout::Grace, GRACE.as_millis() as i64).expect("a timeout");
        config
    }

    fn open(&mut self) {
        let config = self.config();
        let dies_in = (self.dice.percent(40) && !lock(&self.world).calm).then(|| self.dice.below(40));
        lock(&self.world).is_born(dies_in);
        // Somebody may have set the machine's clock.
        let epoch =
            1_700_000_000_000 + if self.dice.percent(20) { self.dice.below(600_000) as i64 - 300_000 } else { 0 };
        self.note(|| format!("the till is opened, with the clock at {epoch}, to die in {dies_in:?}"));
        self.process = loop {
            let life = Life::new(self.world.clone(), epoch);
            let (transport, clock) = (Box::new(Wire(life.clone())), Arc::new(life.clone()));
            match Till::open_in(&config, Surroundings { transport, clock, rules: (self.rules)() }) {
                // Its thread lets go of the file a moment after its transport.
                Err(error) if error.status() == Status::StateLocked => std::thread::yield_now(),
                opened => break Some((opened.expect("a till"), life)),
            }
        };
    }

    pub fn close(&mut self) {
        if let Some((till, life)) = self.process.take() {
            life.open_gate();
            drop(till);
            life.wait_for_its_end();
        }
    }

    fn restart(&mut self) {
        self.close();
        self.pass(1, 120);
        self.open();
    }

    /// Waits, which lets the till's own thread go on.
    fn wait(&self, payment: Arc<Payment>) -> Result<Arc<Payment>, NoPayment> {
        if payment.settled().is_none() {
            self.life().open_gate();
            payment.wait(None);
        }
        if lock(&self.world).dead { Err(NoPayment::Died) } else { Ok(payment) }
    }

    fn pay(&mut self, key: &Key, amount: i64, confirmed: bool) -> Result<Arc<Payment>, NoPayment> {
        let mut sale = Sale::new(&key.0, amount, "EUR").expect("a sale");
        sale.set_attempt(key.1).expect("an attempt");
        if confirmed {
            sale.confirm_not_duplicate("Kim").expect("an operator");
        }
        let changes_its_mind = self.dice.percent(3);
        if changes_its_mind {
            self.life().close_gate();
        }
        let payment = self.till().start_payment(&sale).map_err(|error| NoPayment::Refused(error.status()))?;
        if changes_its_mind && payment.abort().expect("the same process") == Abort::Abandoned {
            self.note(|| format!("{key:?} is abandoned"));
        }
        let paid = self.wait(payment)?;
        self.note(|| {
            let settled = paid.settled().expect("settled");
            format!("pay {key:?}: {:?} {:?} {:?}", settled.outcome, settled.reason, settled.next_actions)
        });
        Ok(paid)
    }

    fn recover(&mut self, reference: &str) -> Result<Arc<Payment>, NoPayment> {
        let payment = self.till().recover(reference).map_err(|error| NoPayment::Refused(error.status()))?;
        let recovered = self.wait(payment)?;
        self.note(|| {
            let settled = recovered.settled().expect("settled");
            format!("recover {reference:?}: {:?} {:?}, conflict: {}", settled.outcome, settled.reason, settled.conflict)
        });
        Ok(recovered)
    }

    /// Sells to so many customers, one after the other.
    pub fn trade(&mut self, customers: u64) {
        for number in 0..customers {
            let amount = self.dice.pick(&[100, 250, 100, 399]);
            self.books.purchases.push(Purchase { references: vec![format!("s{number}")], amount });
            self.sell(number as usize);
            self.pass(0, 60);
            if self.dice.percent(10) {
                self.restart();
                self.take_over_unfinished();
            }
        }
    }

    /// Until the customer has paid, or gives up.
    fn sell(&mut self, number: usize) {
        let (mut attempt, mut declined, mut is_another_sale) = (1, 0, false);
        for _ in 0..15 {
            let purchase = &self.books.purchases[number];
            let (reference, amount) = (purchase.references.last().expect("one").clone(), purchase.amount);
            // What a cashier has confirmed is true of the payment that was in doubt then.
            let confirmed = std::mem::take(&mut is_another_sale);
            let then = match self.pay(&(reference.clone(), attempt), amount, confirmed) {
                // Killed when the result was stored, and before the till had it.
                Ok(_) if self.dice.percent(3) => {
                    self.restart();
                    self.take_over_unfinished();
                    continue;
                }
                Ok(payment) => self.take_over(&payment),
                Err(NoPayment::Died) => {
                    self.restart();
                    self.take_over_unfinished();
                    if self.dice.percent(20) {
                        return;
                    }
                    // Rings up the same again: that is always safe.
                    continue;
                }
                Err(NoPayment::Refused(Status::PossibleDuplicate)) => {
                    // Has this customer paid already, under another number? The cashier looks.
                    for other in self.books.purchases[number].references.clone() {
                        self.decide(&other);
                    }
                    if self.is_paid(number) {
                        return;
                    }
                    is_another_sale = true;
                    continue;
                }
                // It was taken over meanwhile, or an earlier attempt was paid after all.
                Err(NoPayment::Refused(Status::ReferenceClosed | Status::ReferenceConflict)) => return,
                Err(NoPayment::Refused(status)) => panic!("pay is refused: {status:?}"),
            };
            let then = if then == Then::InDoubt { self.in_doubt(number, &reference) } else { then };
            match then {
                Then::Done | Then::InDoubt => return,
                Then::TryAgain | Then::NewNumber if self.is_paid(number) => return,
                Then::SameAgain => {}
                Then::NewNumber => attempt = 1,
                Then::TryAgain => {
                    declined += 1;
                    if declined > 4 || self.dice.percent(15) {
                        return;
                    }
                    attempt = self.next_attempt(&reference);
                    self.pass(1, 60);
                }
            }
        }
    }

    /// The till's own count of how often it has tried.
    fn next_attempt(&self, reference: &str) -> i32 {
        let of_it = self.books.statements.iter().filter(|statement| statement.key.0 == reference);
        of_it.map(|statement| statement.key.1).max().unwrap_or(0) + 1
    }

    fn is_paid(&self, number: usize) -> bool {
        let of_it = |key: &&Key| self.books.purchases[number].references.contains(&key.0);
        self.books.booked.iter().any(|key| of_it(&key))
    }

    /// What a payment says now.
    fn statement(&self, payment: &Payment) -> Statement {
        let (ticket, settled) = (payment.ticket(), payment.settled().expect("settled"));
        Statement {
            at: lock(&self.world).now,
            key: (ticket.reference.clone(), ticket.attempt),
            transaction: settled.transaction_id.as_ref().map(|id| id.as_str().to_owned()),
            outcome: settled.outcome,
            basis: settled.basis,
            conflict: settled.conflict,
        }
    }

    /// Does what the library says is to be done next.
    fn do_as_told(&mut self, payment: &Payment) -> Then {
        let settled = payment.settled().expect("settled");
        let statement = self.statement(payment);
        let key = statement.key.clone();
        self.books.statements.push(statement);
        let says = |action| settled.next_actions.contains(&action);
        if says(Action::RecoverLater) {
            return Then::InDoubt;
        }
        if says(Action::Refund) {
            if !self.books.booked.contains(&key) {
                self.books.refunded.insert(key.clone());
            }
        } else if says(Action::Collect) {
            self.books.booked.remove(&key);
            self.books.collected.insert(key.clone());
        } else if settled.outcome == Outcome::Approved {
            self.books.booked.insert(key.clone());
        } else if says(Action::TryAgain) {
            if says(Action::AskCashier) {
                self.clear_the_terminal();
            }
            return Then::TryAgain;
        } else if says(Action::AskCashier) {
            // An earlier attempt has been paid after all: unfinished() tells.
            self.take_over_unfinished();
            return Then::Done;
        }
        Then::Done
    }

    /// Does what is to be done, and closes the reference.
    fn take_over(&mut self, payment: &Payment) -> Then {
        let then = self.do_as_told(payment);
        if then == Then::Done {
            self.close_references([payment.ticket().reference.clone()].into());
        }
        then
    }

    fn close_references(&mut self, references: BTreeSet<String>) {
        // Killed just before, now and then: unfinished() tells it again.
        if self.dice.percent(5) && !lock(&self.world).calm {
            self.restart();
            return self.take_over_unfinished();
        }
        for reference in references {
            match self.till().acknowledge(&reference) {
                Ok(()) => self.note(|| format!("{reference:?} is acknowledged")),
                // Another attempt of the same sale is in doubt.
                Err(error) => assert_eq!(error.status(), Status::InvalidState, "{error}"),
            }
        }
    }

    /// An earlier payment is in doubt, and the next customer might pay that one.
    fn clear_the_terminal(&mut self) {
        match self.dice.below(3) {
            0 => self.pass(10, 90),
            1 => self.take_over_unfinished(),
            _ => {
                let open = self.till().unfinished().expect("a list");
                for payment in open {
                    match payment.outcome() {
                        Outcome::Unknown => self.decide(&payment.ticket().reference),
                        _ => self.take_over(&payment),
                    };
                }
            }
        }
    }

    fn in_doubt(&mut self, number: usize, reference: &str) -> Then {
        match self.dice.below(10) {
            // Asks again until it is known.
            0..5 => self.ask_again(reference),
            5..7 => self.decide(reference),
            7 => {
                self.restart();
                Then::SameAgain
            }
            8 => {
                // Rings up again under a new number: the commonest double charge.
                let count = self.books.purchases[number].references.len();
                self.books.purchases[number].references.push(format!("{reference}-again{count}"));
                Then::NewNumber
            }
            _ => Then::InDoubt,
        }
    }

    fn ask_again(&mut self, reference: &str) -> Then {
        for _ in 0..14 {
            self.pass(15, 60);
            match self.recover(reference) {
                Ok(payment) => match self.take_over(&payment) {
                    Then::InDoubt => {}
                    then => return then,
                },
                Err(NoPayment::Died) => {
                    self.restart();
                }
                Err(NoPayment::Refused(status)) => panic!("recover is refused: {status:?}"),
            }
        }
        Then::InDoubt
    }

    /// The cashier looks at the terminal and says what it shows.
    fn decide(&mut self, reference: &str) -> Then {
        let seen = loop {
            let seen = lock(&self.world).at_terminal(reference);
            if seen != AtTerminal::Running {
                break seen;
            }
            self.pass(5, 5);
        };
        let paid = seen == AtTerminal::Paid;
        let verdict =
            Verdict { paid, operator: "Kim".into(), reason: "looked at the terminal".into(), slip_number: None };
        match self.till().decide(reference, &verdict) {
            Ok(payment) => {
                self.note(|| format!("{reference:?} is decided: paid is {paid}"));
                let id = payment.settled().and_then(|settled| settled.transaction_id.clone());
                if let Some(id) = id {
                    lock(&self.world).is_decided(id.as_str(), paid);
                }
                self.take_over(&payment)
            }
            // It is known by now.
            Err(error) if error.status() == Status::InvalidState => match self.recover(reference) {
                Ok(payment) => self.take_over(&payment),
                Err(NoPayment::Died) => {
                    self.restart();
                    Then::InDoubt
                }
                Err(NoPayment::Refused(status)) => panic!("recover is refused: {status:?}"),
            },
            // It was never begun.
            Err(error) => {
                assert_eq!(error.status(), Status::NotFound, "{error}");
                Then::InDoubt
            }
        }
    }

    /// What a till does when it is started: asks about what is unknown, does what is to be done about each attempt, and
    /// closes a reference when nothing of it is left to do.
    pub fn take_over_unfinished(&mut self) {
        for _ in 0..20 {
            if self.take_over_listed().is_ok() {
                return;
            }
            self.restart();
        }
    }

    fn take_over_listed(&mut self) -> Result<(), NoPayment> {
        let mut done = BTreeSet::new();
        for listed in self.till().unfinished().expect("a list") {
            let reference = &listed.ticket().reference;
            let known = if listed.outcome() == Outcome::Unknown { self.recover(reference)? } else { listed.clone() };
            if self.do_as_told(&known) == Then::Done {
                done.insert(reference.clone());
            }
        }
        self.close_references(done);
        Ok(())
    }

    /// Before a payment the library asks about what is not proven; this one is then abandoned.
    fn ask_about_all(&mut self, reference: &str) {
        let sale = Sale::new(reference, 1, "EUR").expect("a sale");
        self.life().close_gate();
        let payment = self.till().start_payment(&sale).expect("a payment");
        assert_eq!(payment.abort().expect("the same process"), Abort::Abandoned);
        self.wait(payment).expect("nobody is killed in the evening");
        self.take_over_unfinished();
    }

    /// The end of the day: the network is back, everybody has paid or gone, and what can be known is known.
    pub fn close_the_day(&mut self) -> BTreeMap<Key, Statement> {
        {
            let mut world = lock(&self.world);
            world.calm = true;
            while let Some(next) = world.next_event() {
                world.pass_until(next);
            }
            world.pass(Duration::from_secs(15));
        }
        self.restart();
        self.take_over_unfinished();
        self.ask_about_all("evening");
        // One process sees the whole grace pass, for a service that does not tell the time.
        lock(&self.world).pass(GRACE + Duration::from_secs(60));
        self.take_over_unfinished();
        self.ask_about_all("night");
        let all = self.till().find_payments(0, i64::MAX, None).expect("a list");
        let tell = |payment: &Arc<Payment>| {
            let said = self.statement(payment);
            (said.key.clone(), said)
        };
        let finals = all.iter().map(tell).collect();
        self.close();
        finals
    }
}
