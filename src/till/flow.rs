//! The flow of one payment: log in → create → start → and, where it broke, read until it is final.
//!
//! Start is sent at most once. A payment whose start may have reached the server is read, never started again; only the
//! server's own final word ends the doubt, and what stays open at the deadline is `unknown`.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use crate::api::endpoints::Api;
use crate::api::refusal;
use crate::api::secret::Secret;
use crate::api::transaction::{SmartTransaction, Sum, TransactionId};
use crate::api::transport::{Broken, Response};
use crate::api::verdict::{self, Doubt, ReadVerdict, Standing, StartVerdict};
use crate::error::{Error, Status};
use crate::money::Money;
use crate::receipt::{Receipt, ReceiptCopy, Signature};
use crate::till::clock::Clock;
use crate::till::outcome::{self, Outcome, Reason, Situation};
use crate::till::payment::{Payment, Settled};
use crate::till::sale::Sale;
use crate::till::session::Session;

/// After start has taken this long, the customer may have seen something else on the terminal than the till.
const LONG: Duration = Duration::from_secs(60);
/// The token must outlive the payment and its resolving by this much.
const TOKEN_MARGIN: Duration = Duration::from_secs(60);
/// A read that begins at the very end of the resolve deadline still gets this long.
const LAST_READ: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// All that a payment needs, owned by the till's worker thread.
pub(crate) struct Desk {
    pub(crate) api: Api,
    pub(crate) session: Session,
    pub(crate) clock: Box<dyn Clock>,
    /// How long start may block.
    pub(crate) payment_timeout: Duration,
    /// How long a payment in doubt is read before it is called unknown.
    pub(crate) resolve_timeout: Duration,
    /// The transactions that this till has started: none is started twice, whatever create answers.
    pub(crate) started: HashSet<TransactionId>,
}

/// A payment whose transaction exists.
struct Created<'a> {
    id: TransactionId,
    money: Money,
    reference: &'a str,
    /// When start was sent, by the clock that never goes back.
    started_at: Duration,
}

impl Desk {
    /// Takes the payment for a sale that has been checked. `payment` is told before start is sent.
    pub(crate) fn pay(&mut self, sale: &Sale, payment: &Payment) -> Settled {
        let needed = self.payment_timeout + self.resolve_timeout + TOKEN_MARGIN;
        let token = match self.session.token(&self.api, &*self.clock, needed) {
            Ok(token) => token,
            Err(error) => return self.not_started(why_no_login(&error), error, None),
        };
        let (token, created) = match self.create(token, sale) {
            Ok(created) => created,
            Err((reason, error)) => return self.not_started(reason, error, None),
        };
        self.started.insert(created.id.clone());
        payment.note_start(&created.id);
        let created = Created { started_at: self.clock.elapsed(), ..created };
        let came = self.api.start(&token, &created.id);
        let took = self.clock.elapsed().saturating_sub(created.started_at);
        match verdict::of_start(came, took, &created.id, created.money) {
            StartVerdict::Final(standing, transaction) => self.settled(&created, standing, *transaction),
            StartVerdict::NeverSent(error) => self.not_started(Reason::NoConnection, error, Some(&created)),
            StartVerdict::TokenRefused(error) | StartVerdict::Refused(error) => {
                self.make_sure_it_never_starts(token, &created, error)
            }
            StartVerdict::InDoubt(doubt) => self.resolve(token, &created, doubt),
        }
    }

    /// Creates the transaction. No money moves here; a transaction that nobody starts is an orphan and harmless.
    fn create<'a>(&mut self, mut token: Secret, sale: &'a Sale) -> Result<(Secret, Created<'a>), (Reason, Error)> {
        let mut came = self.api.create(&token, &sale.to_transaction());
        if came.as_ref().is_ok_and(refusal::is_token_refused) {
            // Refused with the API's own words, so this created nothing: renew the token and ask once more.
            token = self.session.renew(&self.api, &*self.clock).map_err(|error| (why_no_login(&error), error))?;
            came = self.api.create(&token, &sale.to_transaction());
        }
        let (reference, money) = (sale.reference(), sale.money());
        let id = read_created(came, reference, money)?;
        if self.started.contains(&id) {
            let fault = format!("the answer to creating the transaction names {id}, which was started before");
            return Err((Reason::CreateRefused, Error::new(Status::Protocol, fault)));
        }
        Ok((token, Created { id, money, reference, started_at: Duration::ZERO }))
    }

    /// The API refused to start. It is read before that is believed; what still reads `created` is abandoned for good,
    /// so that no late start can charge the customer, and read again. Anything but a clear word stays in doubt.
    fn make_sure_it_never_starts(&mut self, mut token: Secret, created: &Created<'_>, refusal: Error) -> Settled {
        let doubt = Doubt::from(refusal.clone());
        match self.read(&mut token, created, self.resolve_timeout.max(LAST_READ)) {
            ReadVerdict::Final(standing, transaction) => {
                return self.settled(created, standing, *transaction);
            }
            ReadVerdict::Created => {}
            ReadVerdict::TokenRefused(_) | ReadVerdict::InDoubt(_) => return self.resolve(token, created, doubt),
        }
        let abandoned = self.api.abort(&token, &created.id).is_ok_and(|answer| (200..300).contains(&answer.status));
        match self.read(&mut token, created, self.resolve_timeout.max(LAST_READ)) {
            ReadVerdict::Final(Standing::Aborted | Standing::Cancelled, _) if abandoned => {
                self.not_started(Reason::StartRefused, refusal, Some(created))
            }
            ReadVerdict::Final(standing, transaction) => self.settled(created, standing, *transaction),
            _ => self.resolve(token, created, doubt),
        }
    }

    /// Reads a payment in doubt until the server's word is final or the deadline has come.
    fn resolve(&mut self, mut token: Secret, created: &Created<'_>, doubt: Doubt) -> Settled {
        let began = self.clock.elapsed();
        let deadline = began + self.resolve_timeout;
        let mut status_word = doubt.status_word.clone();
        for turn in 0.. {
            let left = deadline.saturating_sub(self.clock.elapsed());
            match self.read(&mut token, created, left.max(LAST_READ)) {
                ReadVerdict::Final(standing, transaction) => {
                    return self.settled(created, standing, *transaction);
                }
                ReadVerdict::Created => status_word = Some("created".into()),
                ReadVerdict::InDoubt(Doubt { status_word: Some(word), .. }) => status_word = Some(word),
                ReadVerdict::InDoubt(_) | ReadVerdict::TokenRefused(_) => {}
            }
            let left = deadline.saturating_sub(self.clock.elapsed());
            if left.is_zero() {
                break;
            }
            self.clock.sleep(pause(created.reference, turn).min(left));
        }
        Settled {
            transaction_id: Some(created.id.clone()),
            status_text: status_word,
            ..self.bare(Outcome::Unknown, why_in_doubt(&doubt), doubt.error)
        }
    }

    /// Reads once, and once more with a new token if the old one is not taken.
    fn read(&mut self, token: &mut Secret, created: &Created<'_>, limit: Duration) -> ReadVerdict {
        let once = |api: &Api, token: &Secret| {
            verdict::of_read(api.read(token, &created.id, limit), &created.id, created.money)
        };
        match once(&self.api, token) {
            ReadVerdict::TokenRefused(_) => match self.session.renew(&self.api, &*self.clock) {
                Ok(renewed) => {
                    *token = renewed;
                    once(&self.api, token)
                }
                Err(error) => ReadVerdict::InDoubt(error.into()),
            },
            verdict => verdict,
        }
    }

    /// The server's last word as our result.
    fn settled(&self, created: &Created<'_>, standing: Standing, transaction: SmartTransaction) -> Settled {
        let took = self.clock.elapsed().saturating_sub(created.started_at);
        let (outcome, reason) = match standing {
            Standing::Paid => (Outcome::Approved, None),
            Standing::Reversed => (Outcome::Reversed, None),
            Standing::Failed => (Outcome::Declined, Some(Reason::Failed)),
            Standing::Aborted => (Outcome::Declined, Some(Reason::Aborted)),
            Standing::TimedOut => (Outcome::Declined, Some(Reason::TimedOut)),
            Standing::Cancelled => (Outcome::Declined, Some(Reason::Cancelled)),
            Standing::Created | Standing::Open => (Outcome::Unknown, Some(Reason::StillOpen)),
        };
        // A receipt that cannot be read must not cost an approved payment: its outcome stands, its receipt is empty.
        let receipt = |copy| Receipt::from_transaction(&transaction.body, copy);
        let (customer_receipt, customer_error) = or_empty(receipt(ReceiptCopy::Customer), ReceiptCopy::Customer);
        let (merchant_receipt, merchant_error) = or_empty(receipt(ReceiptCopy::Merchant), ReceiptCopy::Merchant);
        let amount_error = (outcome == Outcome::Approved && transaction.sum == Sum::Unreadable)
            .then(|| Error::new(Status::Protocol, "the server says an amount that cannot be read"));
        let signature = merchant_receipt.signature();
        let next_actions = outcome::next_actions(Situation {
            outcome,
            reason,
            signature: signature.decision,
            has_merchant_receipt: !merchant_receipt.is_empty(),
            has_customer_receipt: !customer_receipt.is_empty(),
            took_long: took > LONG,
        });
        Settled {
            outcome,
            reason,
            next_actions,
            transaction_id: Some(created.id.clone()),
            status_text: transaction.status_text(),
            amount_charged: match transaction.sum {
                _ if outcome != Outcome::Approved => None,
                Sum::Absent => Some(created.money),
                Sum::Of(minor) => Some(Money { minor, ..created.money }),
                Sum::Unreadable => None,
            },
            receipt_number: transaction.receipt_number,
            settled_at: self.clock.now(),
            customer_receipt,
            merchant_receipt,
            merchant_receipt_due: transaction.merchant_receipt_due,
            signature,
            error: amount_error.or(merchant_error).or(customer_error),
        }
    }

    fn not_started(&self, reason: Reason, error: Error, created: Option<&Created<'_>>) -> Settled {
        let transaction_id = created.map(|created| created.id.clone());
        Settled { transaction_id, ..self.bare(Outcome::NotStarted, reason, error) }
    }

    /// A result without a transaction's content.
    fn bare(&self, outcome: Outcome, reason: Reason, error: Error) -> Settled {
        without_content(outcome, reason, error, self.clock.now())
    }
}

/// A result of which only the outcome and its reason are known.
pub(crate) fn without_content(outcome: Outcome, reason: Reason, error: Error, settled_at: i64) -> Settled {
    let reason = Some(reason);
    let signature = Signature::unknown();
    let next_actions = outcome::next_actions(Situation {
        outcome,
        reason,
        signature: signature.decision,
        has_merchant_receipt: false,
        has_customer_receipt: false,
        took_long: false,
    });
    Settled {
        outcome,
        reason,
        next_actions,
        transaction_id: None,
        status_text: None,
        amount_charged: None,
        receipt_number: None,
        settled_at,
        customer_receipt: Receipt::empty(ReceiptCopy::Customer),
        merchant_receipt: Receipt::empty(ReceiptCopy::Merchant),
        merchant_receipt_due: false,
        signature,
        error: Some(error),
    }
}

fn or_empty(read: crate::error::Result<Receipt>, copy: ReceiptCopy) -> (Receipt, Option<Error>) {
    match read {
        Ok(receipt) => (receipt, None),
        Err(error) => (Receipt::empty(copy), Some(error)),
    }
}

/// Reads the answer to create. What is not clearly our new transaction is refused before anything is started.
fn read_created(
    came: Result<Response, Broken>,
    reference: &str,
    money: Money,
) -> Result<TransactionId, (Reason, Error)> {
    let response = match came {
        Ok(response) => response,
        Err(Broken::NeverSent(error)) => return Err((Reason::NoConnection, error)),
        Err(Broken::MaybeSent(error)) => return Err((Reason::CreateUnsure, error)),
    };
    if response.status != 200 {
        return Err((Reason::CreateRefused, refusal::error("creating the transaction", &response)));
    }
    let refuse = |fault: &str| {
        let message = format!("the answer to creating the transaction {fault}");
        (Reason::CreateRefused, Error::new(Status::Protocol, message))
    };
    let transaction = SmartTransaction::parse(&response.body).map_err(|error| (Reason::CreateRefused, error))?;
    let id = transaction.id.clone().ok_or_else(|| refuse("has no usable id"))?;
    match () {
        () if transaction.contradicts(&id, money) => Err(refuse("has another currency")),
        () if !matches!(transaction.sum, Sum::Absent | Sum::Of(_)) => Err(refuse("has an amount that cannot be read")),
        () if matches!(transaction.sum, Sum::Of(sum) if sum != money.minor) => Err(refuse("has another amount")),
        () if transaction.body["merchantRef"].as_str().is_some_and(|own| own != reference) => {
            Err(refuse("has another reference"))
        }
        () if !matches!(verdict::standing(&transaction), Standing::Created | Standing::Open) => {
            Err(refuse("is already final"))
        }
        () => Ok(id),
    }
}

fn is_connection(error: &Error) -> bool {
    matches!(error.status(), Status::Unreachable | Status::Tls | Status::Timeout | Status::Proxy)
}

fn why_no_login(error: &Error) -> Reason {
    if is_connection(error) { Reason::NoConnection } else { Reason::LoginFailed }
}

fn why_in_doubt(doubt: &Doubt) -> Reason {
    match doubt.error.status() {
        _ if doubt.status_word.is_some() => Reason::StillOpen,
        _ if is_connection(&doubt.error) => Reason::ConnectionLost,
        Status::ServerFailed => Reason::ServerFailed,
        Status::Refused => Reason::StillOpen,
        _ => Reason::AnswerUnreadable,
    }
}

/// How long to wait before the next read: longer each time, and not the same for all tills after an outage. The spread
/// comes from the reference, so that a simulated run can be repeated exactly.
fn pause(reference: &str, turn: u32) -> Duration {
    let mut hasher = DefaultHasher::new();
    (reference, turn).hash(&mut hasher);
    let spread = 0.75 + 0.5 * (hasher.finish() % 1000) as f64 / 1000.0;
    FIRST_PAUSE.saturating_mul(1 << turn.min(8)).min(LONGEST_PAUSE).mul_f64(spread)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::api::oauth::{Credentials, Grant};
    use crate::api::transport::{Method, Request, Transport};
    use crate::till::outcome::Action;
    use crate::till::payment::Ticket;

    /// Time that passes only where somebody waits.
    #[derive(Clone, Default)]
    struct VirtualTime(Arc<Mutex<Duration>>);

    impl VirtualTime {
        fn pass(&self, duration: Duration) {
            *self.0.lock().expect("not poisoned") += duration;
        }
    }

    impl Clock for VirtualTime {
        fn now(&self) -> i64 {
            1_700_000_000_000 + i64::try_from(self.elapsed().as_millis()).expect("fits")
        }

        fn elapsed(&self) -> Duration {
            *self.0.lock().expect("not poisoned")
        }

        fn sleep(&self, duration: Duration) {
            self.pass(duration);
        }
    }

    /// A server for one payment: start takes a while and then breaks or answers; reads say `created` until a moment.
    #[derive(Clone)]
    struct Server {
        time: VirtualTime,
        start_takes: Duration,
        start_answers: Option<&'static str>,
        final_from: Duration,
        seen: Arc<Mutex<Vec<(String, Duration)>>>,
    }

    impl Server {
        fn new(start_takes: u64, start_answers: Option<&'static str>, final_from: u64) -> Server {
            Server {
                time: VirtualTime::default(),
                start_takes: Duration::from_secs(start_takes),
                start_answers,
                final_from: Duration::from_secs(final_from),
                seen: Arc::default(),
            }
        }

        fn pay(&self) -> Settled {
            let credentials =
                Credentials { client_id: "id".into(), client_secret: Secret::new("secret"), device_code: None };
            let mut desk = Desk {
                api: Api::new(Box::new(self.clone()), Duration::from_secs(30), Duration::from_secs(300)),
                session: Session::new(credentials),
                clock: Box::new(self.time.clone()),
                payment_timeout: Duration::from_secs(300),
                resolve_timeout: Duration::from_secs(60),
                started: HashSet::new(),
            };
            let sale = Sale::new("r1", 1, "EUR").expect("a sale");
            desk.pay(&sale, &Payment::new(Ticket::new(&sale, 0, Grant::ClientCredentials)))
        }

        fn sent(&self, end: &str) -> Vec<Duration> {
            let seen = self.seen.lock().expect("not poisoned");
            seen.iter().filter(|(path, _)| path.ends_with(end)).map(|(_, at)| *at).collect()
        }
    }

    impl Transport for Server {
        fn exchange(&self, request: &Request) -> Result<Response, Broken> {
            let at = self.time.elapsed();
            self.seen.lock().expect("not poisoned").push((request.path.clone(), at));
            let transaction = |status: &str| {
                format!(r#"{{"id":"STX_1","status":"{status}","basket_info":{{"sum":1,"currency":"EUR"}}}}"#)
            };
            let body = match (request.method, request.path.as_str()) {
                (_, "/oauth/token") => r#"{"access_token":"t","expires_in":1200}"#.to_owned(),
                (Method::Get, _) => transaction(if at >= self.final_from { "ok" } else { "created" }),
                (_, path) if path.ends_with("/start/cashless") => {
                    self.time.pass(self.start_takes);
                    match self.start_answers {
                        Some(status) => transaction(status),
                        None => return Err(Broken::MaybeSent(Error::new(Status::Unreachable, "reset"))),
                    }
                }
                _ => transaction("created"),
            };
            Ok(Response { status: 200, retry_after: None, body: body.into_bytes() })
        }
    }

    #[test]
    fn a_payment_in_doubt_is_read_until_the_deadline_and_no_longer() {
        let server = Server::new(0, None, 3600);
        let settled = server.pay();
        assert_eq!((settled.outcome, settled.reason), (Outcome::Unknown, Some(Reason::ConnectionLost)));
        let reads = server.sent("STX_1");
        assert_eq!(reads.first(), Some(&Duration::ZERO));
        assert_eq!(reads.last(), Some(&Duration::from_secs(60)));
        assert!((12..40).contains(&reads.len()), "{}", reads.len());
        let longest = reads.windows(2).map(|pair| pair[1] - pair[0]).max().expect("pauses");
        assert!(longest <= LONGEST_PAUSE.mul_f64(1.25), "{longest:?}");
        assert_eq!(server.sent("/start/cashless").len(), 1);
    }

    #[test]
    fn whenever_the_server_knows_within_the_deadline_the_till_knows_too() {
        for second in 0..=60 {
            let server = Server::new(0, None, second);
            assert_eq!(server.pay().outcome, Outcome::Approved, "final from second {second}");
            assert_eq!(server.sent("/start/cashless").len(), 1);
        }
    }

    #[test]
    fn after_a_long_start_the_cashier_looks_at_the_terminal_first() {
        for (seconds, expected) in [(60, vec![Action::TryAgain]), (61, vec![Action::LookAtTerminal, Action::TryAgain])]
        {
            let server = Server::new(seconds, Some("failed"), 0);
            assert_eq!(server.pay().next_actions, expected, "{seconds} s");
        }
    }

    #[test]
    fn tills_do_not_all_read_at_the_same_moments() {
        let pauses: std::collections::HashSet<_> = (0..100).map(|till| pause(&format!("r{till}"), 6)).collect();
        assert!(pauses.len() > 80, "{}", pauses.len());
        assert_eq!(pause("r1", 3), pause("r1", 3));
    }
}
