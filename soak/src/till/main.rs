//! A till as its maker would write it: it sells, does what `next_actions` say, books what was paid, and acknowledges.
//!
//! What it knows after a crash it has from its own books and from the library. It is told what to sell, and asks the
//! person before it, over stdin and stdout; see `dialogue`.

mod books;
mod dialogue;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use secupos::error::{Error, Status};
use secupos::journal::IfMissing;
use secupos::till::config::{Config, Timeout};
use secupos::till::outcome::{Action, Outcome, Reason};
use secupos::till::payment::{Payment, Ticket};
use secupos::till::sale::Sale;
use secupos::till::settled::Settled;
use secupos::till::{Till, Verdict};

use crate::books::{Books, OpenSale};
use crate::dialogue::{Dialogue, Next, Truth};

/// After so many attempts the customer pays in cash.
const MOST_ATTEMPTS: i32 = 3;
/// Between one look at a payment in doubt and the next.
const LATER: Duration = Duration::from_millis(250);

type Done<T> = Result<T, String>;

fn main() -> ExitCode {
    // Should the harness die, nobody would end this.
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
    let mut dialogue = Dialogue::begin();
    match run(&mut dialogue) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            dialogue.fault(&fault);
            ExitCode::FAILURE
        }
    }
}

fn run(dialogue: &mut Dialogue) -> Done<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, base_url, client_id, client_secret, device_code, directory, name, timeouts] = &arguments[..] else {
        return Err("usage: soak-till BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE DIRECTORY NAME TIMEOUTS".into());
    };
    let directory = PathBuf::from(directory);
    let config =
        config([base_url, client_id, client_secret, device_code], &directory, timeouts).map_err(said("config"))?;
    let till = Till::open(&config).map_err(said("open"))?;
    let books = Books::open(&directory.join("booked.jsonl"), name).map_err(|fault| format!("books: {fault}"))?;
    dialogue.opened();
    let mut model = Model { till, books, dialogue };
    model.clear_up()?;
    loop {
        match model.books.open_sale() {
            Some(sale) => model.sell(&sale)?,
            None => match model.dialogue.what_next() {
                Next::Sell(amount) => drop(model.books.begin(amount).map_err(|fault| format!("books: {fault}"))?),
                Next::Finish => break,
            },
        }
    }
    model.clear_up()?;
    match model.till.unfinished().map_err(said("unfinished"))?.len() {
        0 => {
            model.dialogue.finished();
            Ok(())
        }
        left => Err(format!("{left} payments are unfinished at the end")),
    }
}

fn config(who: [&String; 4], directory: &Path, timeouts: &str) -> secupos::error::Result<Config> {
    let [base_url, client_id, client_secret, device_code] = who;
    let mut config = Config::default();
    config.set_base_url(base_url)?;
    config.set_client_credentials(client_id, client_secret)?;
    config.set_device_code(device_code)?;
    config.set_state_file(&directory.join("state.db"), IfMissing::Create)?;
    let which = [Timeout::Connect, Timeout::Request, Timeout::Payment, Timeout::Resolve, Timeout::Grace];
    for (which, ms) in which.into_iter().zip(timeouts.split(',')) {
        config.set_timeout_ms(which, ms.parse().unwrap_or(-1))?;
    }
    Ok(config)
}

fn said(what: &str) -> impl Fn(Error) -> String + '_ {
    move |error| format!("{what}: {} {}", Status::name(error.status()), error.message())
}

struct Model<'a> {
    till: Till,
    books: Books,
    dialogue: &'a mut Dialogue,
}

impl Model<'_> {
    /// After each start, and before the end: whatever the library says is unfinished is finished. What is in doubt comes
    /// first: whether a payment that came to light late is one too many depends on the others of its sale.
    fn clear_up(&mut self) -> Done<()> {
        let mut unfinished = self.till.unfinished().map_err(said("unfinished"))?;
        unfinished.sort_by_key(|payment| payment.outcome() != Outcome::Unknown);
        unfinished.into_iter().try_for_each(|payment| self.follow(payment))
    }

    /// Takes the money for a sale, by as many attempts as it needs, or gives it up.
    fn sell(&mut self, sale: &OpenSale) -> Done<()> {
        for attempt in self.books.attempts(&sale.reference) + 1..=MOST_ATTEMPTS {
            if self.books.is_closed(&sale.reference) {
                return Ok(());
            }
            let payment = self.pay(sale, attempt)?;
            self.follow(payment)?;
        }
        match self.books.is_closed(&sale.reference) {
            true => Ok(()),
            false => self.books.give_up(&sale.reference).map_err(|fault| format!("books: {fault}")),
        }
    }

    fn pay(&mut self, sale: &OpenSale, attempt: i32) -> Done<Arc<Payment>> {
        let mut order = Sale::new(&sale.reference, sale.amount, "EUR").map_err(said("sale"))?;
        order.set_attempt(attempt).map_err(said("sale"))?;
        self.dialogue.paying(&sale.reference, attempt, sale.amount);
        let mut came = self.till.pay(&order);
        if came.as_ref().is_err_and(|error| error.status() == Status::PossibleDuplicate) {
            // The cashier sees that this is another customer.
            order.confirm_not_duplicate("cashier").map_err(said("sale"))?;
            came = self.till.pay(&order);
        }
        match came {
            // An earlier attempt of this sale has been paid after all.
            Err(error) if error.status() == Status::ReferenceConflict => self.recover(&sale.reference),
            other => other.map_err(said("pay")),
        }
    }

    /// Does what a payment's next actions say, until it has an outcome, and takes that over.
    fn follow(&mut self, mut payment: Arc<Payment>) -> Done<()> {
        // Some cashiers ask soon, some wait until the library knows by itself.
        let patience = if fastrand::u8(0..4) == 0 { 0 } else { fastrand::u32(1..=12) };
        for look in 0.. {
            self.dialogue.told(&payment);
            let (reference, attempt) = (payment.ticket().reference.clone(), payment.ticket().attempt);
            let settled = payment.settled().ok_or("a payment that has no result")?;
            if settled.outcome != Outcome::Unknown {
                return self.take_over(&payment, settled);
            }
            if !settled.next_actions.contains(&Action::RecoverLater) {
                return Err(format!("unknown, and nothing to do: {:?}", settled.next_actions));
            }
            let truth = match look >= patience && settled.next_actions.contains(&Action::AskCashier) {
                true => self.dialogue.ask(&payment),
                false => Truth::NotYetKnown,
            };
            payment = match truth {
                Truth::NotYetKnown => {
                    match fastrand::u8(0..100) {
                        0..8 => self.serve_the_next()?,
                        _ => std::thread::sleep(LATER),
                    }
                    // Both must do: asking what became of it, and ringing up the same again.
                    match self.books.amount(&reference) {
                        Some(amount) if fastrand::bool() => self.pay(&OpenSale { reference, amount }, attempt)?,
                        _ => self.recover(&reference)?,
                    }
                }
                Truth::Paid => self.decide(&reference, true)?,
                Truth::NotPaid => self.decide(&reference, false)?,
            };
        }
        Ok(())
    }

    /// The next customer does not want to wait until the one before is settled.
    fn serve_the_next(&mut self) -> Done<()> {
        let Next::Sell(amount) = self.dialogue.what_next() else { return Ok(()) };
        let sale = self.books.begin(amount).map_err(|fault| format!("books: {fault}"))?;
        let payment = self.pay(&sale, 1)?;
        self.follow(payment)
    }

    fn recover(&self, reference: &str) -> Done<Arc<Payment>> {
        let payment = self.till.recover(reference).map_err(said("recover"))?;
        payment.wait(None);
        Ok(payment)
    }

    fn decide(&self, reference: &str, paid: bool) -> Done<Arc<Payment>> {
        let (operator, reason) = ("cashier".to_owned(), "the terminal's own list".to_owned());
        match self.till.decide(reference, &Verdict { paid, operator, reason, slip_number: None }) {
            // Meanwhile the library has found out by itself.
            Err(error) if error.status() == Status::InvalidState => self.recover(reference),
            other => other.map_err(said("decide")),
        }
    }

    /// Books first, then tells the library: what was cut off between the two is found in the books at the next start.
    fn take_over(&mut self, payment: &Payment, settled: &Settled) -> Done<()> {
        let Ticket { reference, attempt, .. } = payment.ticket();
        let is_paid = settled.outcome == Outcome::Approved;
        let is_one_too_many = is_paid && self.books.would_be_paid_twice(reference, *attempt);
        if is_one_too_many {
            self.dialogue.refund(payment);
            self.books.refunded(payment, settled).map_err(|fault| format!("books: {fault}"))?;
        } else {
            self.books.note(payment, settled).map_err(|fault| format!("books: {fault}"))?;
        }
        if settled.reason == Some(Reason::AlreadyPaid) {
            let paid = self.recover(reference)?;
            return self.follow(paid);
        }
        if !(is_paid || settled.outcome == Outcome::Reversed || settled.conflict) {
            return Ok(());
        }
        match self.till.acknowledge(reference) {
            // Another attempt of this sale is in doubt: it is taken over together with that one.
            Err(error) if error.status() == Status::InvalidState => Ok(()),
            other => other.map_err(said("acknowledge")),
        }
    }
}
