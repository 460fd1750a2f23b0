//! The till of the documentation: it does what `next_actions` say, in their order, and nothing cleverer. With a cashier and
//! customers; killed now and then; and with its own list of what it has booked, which must be the ledger in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::payment::action::Action;
use secupos::payment::outcome::{DecidedBy, Outcome};
use secupos::till::Till;
use secupos::till::config::Config;
use secupos::till::decide::Verdict;
use secupos::till::handles::payment::{Abort, Payment};
use secupos::till::open::Surroundings;
use secupos::till::rules::Rules;
use secupos::till::sale::Sale;
use secupos_simulator::model::logins::{CLIENT_ID, CLIENT_SECRET, DEVICE_CODE};

use super::clock::{Life, lock};
use super::dice::Dice;
use super::network::{GRACE, Wire};
use super::transactions::AtTerminal;
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
    pub decided_by: DecidedBy,
    pub conflict: bool,
    pub actions: Vec<Action>,
    /// What was charged and what is missing, in minor units.
    pub charged: Option<i64>,
    pub due: Option<i64>,
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

impl Books {
    fn purchase_of(&self, reference: &str) -> Option<&Purchase> {
        self.purchases.iter().find(|purchase| purchase.references.iter().any(|known| known == reference))
    }

    /// Whether another payment of the same basket is booked.
    fn is_paid_otherwise(&self, key: &Key) -> bool {
        let of_it = |other: &Key| {
            let purchase = self.purchase_of(&key.0);
            purchase.is_some_and(|purchase| purchase.references.contains(&other.0))
        };
        self.booked.iter().any(|other| other != key && of_it(other))
    }
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

/// A till has so long to find out what it finds when it starts.
const START_UP: Duration = Duration::from_secs(60);
/// In the evening it has all the time that it needs.
const EVENING: Duration = Duration::from_secs(1200);

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

    fn is_calm(&self) -> bool {
        lock(&self.world).calm
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
        config.set_client_credentials(CLIENT_ID, CLIENT_SECRET).expect("credentials");
        config.set_device_code(DEVICE_CODE).expect("a device code");
        config.set_state_file(&self.state_file, IfMissing::Create).expect("a state file");
        config
    }

    fn open(&mut self) {
        let config = self.config();
        let dies_in = (self.dice.percent(40) && !self.is_calm()).then(|| self.dice.below(40));
        lock(&self.world).is_born(dies_in);
        self.note(|| format!("the till is opened, to die in {dies_in:?}"));
        self.process = loop {
            let life = Life::new(self.world.clone());
            let (transport, clock) = (Box::new(Wire(life.clone())), Arc::new(life.clone()));
            match Till::open_in(&config, Surroundings { transport, clock, rules: (self.rules)() }) {
                // Its thread lets go of the file a moment after its transport.
                Err(error) if error.status() == Status::StateFileLocked => std::thread::yield_now(),
                opened => break Some((opened.expect("a till"), life)),
            }
        };
        if self.dice.percent(30) || self.is_calm() {
            // Nobody wants anything of it at first.
            lock(&self.world).pass(Duration::from_secs(3));
            self.life().let_it_be_idle();
            self.note(|| "the till was idle".into());
        }
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
        if self.dice.percent(20) {
            lock(&self.world).boots_again();
        }
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
        self.note(|| told("pay", &paid));
        Ok(paid)
    }

    fn recover(&mut self, key: &Key) -> Result<Arc<Payment>, NoPayment> {
        let payment = self.till().recover(&key.0, Some(key.1)).map_err(|error| NoPayment::Refused(error.status()))?;
        let recovered = self.wait(payment)?;
        self.note(|| told("recover", &recovered));
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
                self.start_up();
            }
        }
    }

    /// Until the customer has paid, or gives up.
    fn sell(&mut self, number: usize) {
        let (mut attempt, mut declined, mut is_another_sale) = (1, 0, false);
        for _ in 0..15 {
            let purchase = &self.books.purchases[number];
            let (reference, amount) = (purchase.references.last().expect("one").clone(), purchase.amount);
            let key = (reference.clone(), attempt);
            // What a cashier has confirmed is true of the payment that was in doubt then.
            let confirmed = std::mem::take(&mut is_another_sale);
            let then = match self.pay(&key, amount, confirmed) {
                // Killed when the result was stored, and before the till had it.
                Ok(_) if self.dice.percent(3) => {
                    self.restart();
                    self.start_up();
                    continue;
                }
                Ok(payment) => self.take_over(&payment),
                Err(NoPayment::Died) => {
                    self.restart();
                    self.start_up();
                    if self.dice.percent(20) {
                        return;
                    }
                    // Rings up the same again: that is always safe.
                    continue;
                }
                Err(NoPayment::Refused(Status::PossibleDuplicate)) => {
                    // Has this customer paid already, under another number? The cashier looks.
                    for other in self.books.purchases[number].references.clone() {
                        self.decide_all(|key| key.0 == other);
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
            let then = if then == Then::InDoubt { self.in_doubt(number, &key) } else { then };
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
            decided_by: settled.decided_by,
            conflict: settled.conflict,
            actions: settled.next_actions.clone(),
            charged: settled.amount_charged.map(|money| money.minor),
            due: settled.amount_due.map(|money| money.minor),
        }
    }

    /// Does what the library says is to be done next, in its order, and books what was paid.
    fn do_as_told(&mut self, payment: &Payment) -> Then {
        let said = self.statement(payment);
        let key = said.key.clone();
        self.books.statements.push(said.clone());
        let is_paid = said.outcome == Outcome::Approved;
        for action in &said.actions {
            match action {
                // The money goes back, in cash.
                Action::Refund => drop(self.books.refunded.insert(key.clone())),
                Action::Collect | Action::CollectRest => drop(self.books.collected.insert(key.clone())),
                // The cashier knows whether this customer has paid in another way, or has left without the goods.
                Action::AskCashier if is_paid && said.conflict && self.books.is_paid_otherwise(&key) => {
                    self.books.refunded.insert(key.clone());
                }
                Action::AskCashier
                | Action::PrintMerchant
                | Action::TakeSignature
                | Action::PrintCustomer
                | Action::TryAgain
                | Action::RecoverLater
                | Action::LookAtTerminal
                | Action::CallSupport
                | Action::CheckUnfinished => {}
            }
        }
        let says = |action| said.actions.contains(&action);
        match said.outcome {
            Outcome::Unknown => return Then::InDoubt,
            Outcome::Approved if !self.books.refunded.contains(&key) => drop(self.books.booked.insert(key)),
            Outcome::Approved | Outcome::Reversed => drop(self.books.booked.remove(&key)),
            // What was booked because a person said so, and was not paid.
            _ if said.conflict => drop(self.books.booked.remove(&key)),
            _ if says(Action::TryAgain) => {
                if says(Action::AskCashier) {
                    self.clear_the_terminal();
                }
                return Then::TryAgain;
            }
            _ => {}
        }
        Then::Done
    }

    /// Does what is to be done, and closes the reference.
    fn take_over(&mut self, payment: &Payment) -> Then {
        let then = self.do_as_told(payment);
        let settled = payment.settled().expect("settled");
        let asks_for_more = settled.next_actions.contains(&Action::CheckUnfinished);
        let has_to_be = matches!(settled.outcome, Outcome::Approved | Outcome::Reversed) || settled.conflict;
        if has_to_be && !self.acknowledge(payment) {
            return then;
        }
        if asks_for_more {
            self.start_up();
        }
        then
    }

    /// Takes over what this payment has told. Whether the till still lives.
    fn acknowledge(&mut self, payment: &Payment) -> bool {
        // Killed just before, now and then: the next start-up tells it again.
        if self.dice.percent(5) && !self.is_calm() {
            self.restart();
            self.start_up();
            return false;
        }
        match self.till().acknowledge_payment(payment) {
            Ok(()) => self.note(|| format!("{:?} is acknowledged", payment.ticket().reference)),
            Err(error) => assert_eq!(error.status(), Status::InvalidState, "{error}"),
        }
        true
    }

    /// An earlier payment is in doubt, and the next customer might pay that one.
    fn clear_the_terminal(&mut self) {
        match self.dice.below(3) {
            0 => self.pass(10, 90),
            1 => self.start_up(),
            _ => self.decide_all(|_| true),
        }
    }

    /// The cashier decides what is in doubt.
    fn decide_all(&mut self, is_meant: impl Fn(&Key) -> bool) {
        let unfinished = self.till().unfinished().expect("a list");
        let open = unfinished.iter().filter(|payment| payment.outcome() == Outcome::Unknown);
        let open: Vec<Key> =
            open.map(|payment| (payment.ticket().reference.clone(), payment.ticket().attempt)).collect();
        for key in open.iter().filter(|key| is_meant(key)) {
            self.decide(key);
        }
    }

    fn in_doubt(&mut self, number: usize, key: &Key) -> Then {
        match self.dice.below(10) {
            // Asks again until it is known.
            0..5 => self.ask_again(key),
            5..7 => self.decide(key),
            7 => {
                self.restart();
                Then::SameAgain
            }
            8 => {
                // Rings up again under a new number: the commonest double charge.
                let count = self.books.purchases[number].references.len();
                self.books.purchases[number].references.push(format!("{}-again{count}", key.0));
                Then::NewNumber
            }
            _ => Then::InDoubt,
        }
    }

    fn ask_again(&mut self, key: &Key) -> Then {
        for _ in 0..14 {
            self.pass(15, 60);
            match self.recover(key) {
                Ok(payment) => match self.take_over(&payment) {
                    Then::InDoubt => {}
                    then => return then,
                },
                Err(NoPayment::Died) => self.restart(),
                Err(NoPayment::Refused(status)) => panic!("recover is refused: {status:?}"),
            }
        }
        Then::InDoubt
    }

    /// The cashier looks at the terminal and says what it shows.
    fn decide(&mut self, key: &Key) -> Then {
        let seen = loop {
            let seen = lock(&self.world).at_terminal(&key.0);
            if seen != AtTerminal::Running {
                break seen;
            }
            self.pass(5, 5);
        };
        let paid = seen == AtTerminal::Paid;
        let verdict =
            Verdict { paid, operator: "Kim".into(), reason: "looked at the terminal".into(), slip_number: None };
        match self.till().decide(&key.0, Some(key.1), &verdict) {
            Ok(payment) => {
                self.note(|| format!("{key:?} is decided: paid is {paid}"));
                let id = payment.settled().and_then(|settled| settled.transaction_id.clone());
                if let Some(id) = id {
                    lock(&self.world).is_decided(id.as_str(), paid);
                }
                self.take_over(&payment)
            }
            // It is known by now.
            Err(error) if error.status() == Status::InvalidState => match self.recover(key) {
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

    /// What a till does when it is started: one call, what is to be done about each attempt, and each is taken over.
    pub fn start_up(&mut self) {
        let time = if self.is_calm() { EVENING } else { START_UP };
        for _ in 0..20 {
            self.life().open_gate();
            let told_all = self.till().recover_all(time);
            if lock(&self.world).dead {
                self.restart();
                continue;
            }
            for payment in told_all.expect("a list") {
                self.note(|| told("start-up", &payment));
                if self.do_as_told(&payment) == Then::Done && !self.acknowledge(&payment) {
                    return;
                }
            }
            return;
        }
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
        for pause in [Duration::ZERO, GRACE + Duration::from_secs(60), Duration::from_secs(120)] {
            lock(&self.world).pass(pause);
            self.restart();
            self.start_up();
        }
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

/// For the diary.
fn told(what: &str, payment: &Payment) -> String {
    let (ticket, settled) = (payment.ticket(), payment.settled().expect("settled"));
    let key = (&ticket.reference, ticket.attempt);
    let conflict = if settled.conflict { ", in conflict" } else { "" };
    format!("{what} {key:?}: {:?} {:?} {:?}{conflict}", settled.outcome, settled.reason, settled.next_actions)
}
