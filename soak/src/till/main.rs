//! A till as its maker would write it: it sells, does what `next_actions` say, books what was paid, and acknowledges.
//!
//! Nothing in it is cleverer than the tills of the documentation. What it knows after a crash it has from its own books and
//! from the library. It is told what to sell, and asks the person before it, over stdin and stdout; see `dialogue`. Only its
//! time is not the machine's; see `clock`.
#![forbid(unsafe_code)]

mod books;
mod clock;
mod dialogue;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use secupos::api::base_url::BaseUrl;
use secupos::api::http::{Http, Setup};
use secupos::error::{Error, Status};
use secupos::journal::IfMissing;
use secupos::payment::action::Action;
use secupos::payment::outcome::Outcome;
use secupos::till::Till;
use secupos::till::config::{Config, Timeout};
use secupos::till::decide::Verdict;
use secupos::till::handles::payment::{Payment, Ticket};
use secupos::till::handles::settled::Settled;
use secupos::till::open::Surroundings;
use secupos::till::rules::Rules;
use secupos::till::sale::Sale;

use crate::books::{Books, OpenSale};
use crate::clock::FastClock;
use crate::dialogue::{Dialogue, Next, Truth};

/// After so many attempts the customer pays in cash.
const MOST_ATTEMPTS: i32 = 3;
/// Between one look at a payment that is not done with and the next.
const LATER: Duration = Duration::from_millis(250);
/// After so many looks at a payment that has its outcome the slip that the terminal has printed must do.
const LOOKS_FOR_RECEIPTS: u32 = 8;
/// How long a start may take, in till time, and how long the last look before the end, at all that is not proven.
const AT_START: Duration = Duration::from_secs(60);
const AT_THE_END: Duration = Duration::from_secs(600);
/// So often the till is looked through before the end: copies of receipts may still come.
const LAST_LOOKS: u32 = 20;

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
    let [_, base_url, client_id, client_secret, device_code, directory, name, timeouts, faster] = &arguments[..] else {
        let usage = "soak-till BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE DIRECTORY NAME TIMEOUTS FASTER";
        return Err(format!("usage: {usage}"));
    };
    let directory = PathBuf::from(directory);
    let timeouts: Vec<u32> = timeouts.split(',').filter_map(|ms| ms.parse().ok()).collect();
    let config =
        config([base_url, client_id, client_secret, device_code], &directory, &timeouts).map_err(said("config"))?;
    let surroundings = surroundings(base_url, &timeouts, faster).map_err(said("surroundings"))?;
    let till = Till::open_in(&config, surroundings).map_err(said("open"))?;
    let books = Books::open(&directory.join("booked.jsonl"), name).map_err(|fault| format!("books: {fault}"))?;
    dialogue.opened();
    let mut model = Model { till, books, dialogue };
    model.finish_what_was_left(AT_START)?;
    loop {
        match model.books.open_sale() {
            Some(sale) => model.sell(&sale)?,
            None => match model.dialogue.what_next() {
                Next::Sell(amount) => drop(model.books.begin(amount).map_err(|fault| format!("books: {fault}"))?),
                Next::Finish => break,
            },
        }
    }
    for _ in 0..LAST_LOOKS {
        model.finish_what_was_left(AT_THE_END)?;
        if model.till.unfinished().map_err(said("unfinished"))?.is_empty() {
            model.dialogue.finished();
            return Ok(());
        }
        std::thread::sleep(LATER);
    }
    Err("payments are unfinished at the end".into())
}

fn config(who: [&String; 4], directory: &Path, timeouts: &[u32]) -> secupos::error::Result<Config> {
    let [base_url, client_id, client_secret, device_code] = who;
    let mut config = Config::default();
    config.set_base_url(base_url)?;
    config.set_client_credentials(client_id, client_secret)?;
    config.set_device_code(device_code)?;
    config.set_state_file(&directory.join("state.db"), IfMissing::Create)?;
    let which = [Timeout::Connect, Timeout::Request, Timeout::Payment, Timeout::Resolve];
    for (which, ms) in which.into_iter().zip(timeouts) {
        config.set_timeout_ms(which, (*ms).into())?;
    }
    Ok(config)
}

/// The real network, and a clock that runs fast.
fn surroundings(base_url: &str, timeouts: &[u32], faster: &str) -> secupos::error::Result<Surroundings> {
    let connect_timeout = Duration::from_millis(timeouts.first().copied().unwrap_or_default().into());
    let http = Http::new(Setup {
        base_url: BaseUrl::parse(base_url)?,
        connect_timeout,
        extra_roots: Vec::new(),
        proxy: None,
        user_agent_suffix: None,
    })?;
    let clock = FastClock::times(faster.parse().unwrap_or(1));
    Ok(Surroundings { transport: Box::new(http), clock: Arc::new(clock), rules: Rules::default() })
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
    /// At each start, and when something has come to light: what the last run has left.
    fn finish_what_was_left(&mut self, limit: Duration) -> Done<()> {
        let left = self.till.recover_all(limit).map_err(said("recover_all"))?;
        left.into_iter().try_for_each(|payment| self.finish(payment))
    }

    /// Takes the money for a sale, by as many attempts as it needs, or gives it up.
    fn sell(&mut self, sale: &OpenSale) -> Done<()> {
        for attempt in self.books.attempts(&sale.reference) + 1..=MOST_ATTEMPTS {
            if self.books.is_closed(&sale.reference) {
                return Ok(());
            }
            match self.pay(sale, attempt)? {
                Some(payment) => self.finish(payment)?,
                None => self.finish_what_was_left(AT_START)?,
            }
        }
        match self.books.is_closed(&sale.reference) {
            true => Ok(()),
            false => self.books.give_up(&sale.reference).map_err(|fault| format!("books: {fault}")),
        }
    }

    /// What became of it; none if an earlier attempt of this sale has been paid after all.
    fn pay(&mut self, sale: &OpenSale, attempt: i32) -> Done<Option<Arc<Payment>>> {
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
            // Taken over already, or not yet.
            Err(error) if matches!(error.status(), Status::ReferenceClosed | Status::ReferenceConflict) => Ok(None),
            other => other.map(Some).map_err(said("pay")),
        }
    }

    /// Does what a payment's next actions say, until there is nothing left to do later.
    fn finish(&mut self, mut payment: Arc<Payment>) -> Done<()> {
        // Some cashiers ask soon, some wait until the library knows by itself.
        let patience = if fastrand::u8(0..4) == 0 { 0 } else { fastrand::u32(1..=8) };
        for look in 0.. {
            self.dialogue.told(&payment);
            let ticket = payment.ticket();
            let settled = payment.settled().ok_or("a payment that has no result")?;
            let says = |action| settled.next_actions.contains(&action);
            let in_doubt = settled.outcome == Outcome::Unknown;
            if !in_doubt {
                self.take_over(&payment, settled)?;
            }
            if says(Action::CheckUnfinished) {
                self.finish_what_was_left(AT_START)?;
            }
            let is_over = !in_doubt && look >= LOOKS_FOR_RECEIPTS;
            if is_over || !says(Action::RecoverLater) {
                return if in_doubt { Err("unknown, and nothing to do later".into()) } else { Ok(()) };
            }
            let truth = match in_doubt && look >= patience && says(Action::AskCashier) {
                true => self.dialogue.ask(&payment),
                false => Truth::NotYetKnown,
            };
            payment = match truth {
                Truth::NotYetKnown => {
                    match fastrand::u8(0..100) {
                        0..8 if in_doubt => self.serve_the_next()?,
                        _ => std::thread::sleep(LATER),
                    }
                    self.look_again(ticket, in_doubt)?
                }
                Truth::Paid => self.decide(ticket, true)?,
                Truth::NotPaid => self.decide(ticket, false)?,
            };
        }
        Ok(())
    }

    /// Both must do: asking what became of it, and ringing up the same again.
    fn look_again(&mut self, ticket: &Ticket, in_doubt: bool) -> Done<Arc<Payment>> {
        let reference = ticket.reference.clone();
        let amount = self.books.amount(&reference).filter(|_| in_doubt && fastrand::bool());
        let rung_up = match amount {
            Some(amount) => self.pay(&OpenSale { reference, amount }, ticket.attempt)?,
            None => None,
        };
        rung_up.map_or_else(|| self.recover(ticket), Ok)
    }

    /// The next customer does not want to wait until the one before is settled.
    fn serve_the_next(&mut self) -> Done<()> {
        let Next::Sell(amount) = self.dialogue.what_next() else { return Ok(()) };
        let sale = self.books.begin(amount).map_err(|fault| format!("books: {fault}"))?;
        let payment = self.pay(&sale, 1)?;
        payment.map_or(Ok(()), |payment| self.finish(payment))
    }

    fn recover(&self, ticket: &Ticket) -> Done<Arc<Payment>> {
        let payment = self.till.recover(&ticket.reference, Some(ticket.attempt)).map_err(said("recover"))?;
        payment.wait(None);
        Ok(payment)
    }

    fn decide(&self, ticket: &Ticket, paid: bool) -> Done<Arc<Payment>> {
        let (operator, reason) = ("cashier".to_owned(), "the terminal's own list".to_owned());
        let verdict = Verdict { paid, operator, reason, slip_number: None };
        match self.till.decide(&ticket.reference, Some(ticket.attempt), &verdict) {
            // Meanwhile the library has found out by itself.
            Err(error) if error.status() == Status::InvalidState => self.recover(ticket),
            other => other.map_err(said("decide")),
        }
    }

    /// Books first, then tells the library: what was cut off between the two is told again at the next start.
    fn take_over(&mut self, payment: &Payment, settled: &Settled) -> Done<()> {
        let booked = if self.must_be_given_back(payment, settled) {
            self.dialogue.refund(payment);
            self.books.refunded(payment, settled)
        } else {
            self.books.note(payment, settled)
        };
        booked.map_err(|fault| format!("books: {fault}"))?;
        match matches!(settled.outcome, Outcome::Approved | Outcome::Reversed) || settled.conflict {
            true => self.till.acknowledge_payment(payment).map_err(said("acknowledge")),
            false => Ok(()),
        }
    }

    /// Whether the library asks for the money back, or the cashier, who is asked, knows that it is owed: it was asked for
    /// before a crash, or the customer has paid in another way.
    fn must_be_given_back(&self, payment: &Payment, settled: &Settled) -> bool {
        let says = |action| settled.next_actions.contains(&action);
        let Ticket { reference, attempt, .. } = payment.ticket();
        let is_owed = || settled.asked_before_at.is_some() || self.books.would_be_paid_twice(reference, *attempt);
        settled.outcome == Outcome::Approved && (says(Action::Refund) || says(Action::AskCashier) && is_owed())
    }
}
