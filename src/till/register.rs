//! The references that this process has used, so that none is charged twice. Forgotten when the process ends: the
//! journal takes this room's place.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::api::base_url::BaseUrl;
use crate::api::oauth::Credentials;
use crate::error::{Error, Result, Status};
use crate::till::outcome::Outcome;
use crate::till::payment::{Payment, Ticket};

/// Which till it is: two that are opened alike are one till to the server, and share one register.
#[derive(PartialEq)]
struct Identity {
    base_url: BaseUrl,
    credentials: Credentials,
}

/// The registers of all tills that this process has opened.
static REGISTERS: Mutex<Vec<(Identity, Arc<Mutex<Register>>)>> = Mutex::new(Vec::new());

/// What became of an attempt, once that is known. Shared with the payment, which holds the receipts: those are not kept
/// here for as long as the process lives.
pub(crate) type Fate = Arc<OnceLock<Outcome>>;

/// The last attempt of each reference.
#[derive(Default)]
pub(crate) struct Register {
    last: BTreeMap<String, (i32, Fate)>,
    running: Option<Fate>,
}

impl Register {
    /// The register of the till with these settings, from the beginning of the process on.
    pub(crate) fn of(base_url: &BaseUrl, credentials: &Credentials) -> Arc<Mutex<Register>> {
        let identity = Identity { base_url: base_url.clone(), credentials: credentials.clone() };
        let mut registers = REGISTERS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, register)) = registers.iter().find(|(known, _)| *known == identity) {
            return register.clone();
        }
        let register = Arc::<Mutex<Register>>::default();
        registers.push((identity, register.clone()));
        register
    }

    /// Takes up a new attempt, or says why it may not be made. Nothing was sent in that case.
    pub(crate) fn admit(&mut self, ticket: Ticket) -> Result<Arc<Payment>> {
        let last = self.last.get(&ticket.reference);
        check_order(&ticket, last.map(|(attempt, fate)| (*attempt, *fate.get().unwrap_or(&Outcome::Pending))))?;
        if self.running.as_ref().is_some_and(|fate| fate.get().is_none()) {
            return Err(Error::new(Status::Busy, "another payment of this till is still running"));
        }
        let payment = Arc::new(Payment::new(ticket));
        let Ticket { reference, attempt, .. } = payment.ticket();
        self.last.insert(reference.clone(), (*attempt, payment.fate()));
        self.running = Some(payment.fate());
        Ok(payment)
    }
}

/// Whether an attempt may follow the last one: only the next number, and only after one that certainly took no money.
fn check_order(ticket: &Ticket, last: Option<(i32, Outcome)>) -> Result<()> {
    let Ticket { reference, attempt, .. } = ticket;
    let out_of_order = |expected: i32| {
        let fault = format!("attempt {attempt} of reference {reference:?} is not the next one: that is {expected}");
        Err(Error::new(Status::AttemptOutOfOrder, fault))
    };
    match last {
        None if *attempt == 1 => Ok(()),
        None => out_of_order(1),
        Some((used, outcome)) if *attempt <= used || !matches!(outcome, Outcome::Declined | Outcome::NotStarted) => {
            let outcome = outcome.name();
            let fault = format!("reference {reference:?} has been used: attempt {used} is {outcome}");
            Err(Error::new(Status::ReferenceConflict, fault))
        }
        Some((used, _)) if *attempt == used + 1 => Ok(()),
        Some((used, _)) => out_of_order(used + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::oauth::Grant;
    use crate::till::sale::Sale;

    #[test]
    fn only_the_next_attempt_after_one_that_took_no_money_is_admitted() {
        use Outcome::*;
        use Status::{AttemptOutOfOrder, ReferenceConflict};
        for (last, attempt, expected) in [
            (None, 1, None),
            (None, 2, Some(AttemptOutOfOrder)),
            (Some((1, Pending)), 1, Some(ReferenceConflict)),
            (Some((1, Pending)), 2, Some(ReferenceConflict)),
            (Some((1, Unknown)), 2, Some(ReferenceConflict)),
            (Some((1, Approved)), 1, Some(ReferenceConflict)),
            (Some((1, Approved)), 2, Some(ReferenceConflict)),
            (Some((1, Reversed)), 2, Some(ReferenceConflict)),
            (Some((1, Declined)), 1, Some(ReferenceConflict)),
            (Some((1, Declined)), 2, None),
            (Some((1, Declined)), 3, Some(AttemptOutOfOrder)),
            (Some((2, NotStarted)), 3, None),
            (Some((2, NotStarted)), 1, Some(ReferenceConflict)),
        ] {
            let mut sale = Sale::new("r", 1, "EUR").expect("a sale");
            sale.set_attempt(attempt).expect("set");
            let ticket = Ticket::new(&sale, 0, Grant::Device);
            let refused = check_order(&ticket, last).err().map(|error| error.status());
            assert_eq!(refused, expected, "{last:?} then {attempt}");
        }
    }
}
