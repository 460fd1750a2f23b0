//! How a result is told: by a call, which may ask for money once, or in a list, which tells nothing; and what the till has
//! been told of it. What a read finds out by the way is told to nobody yet.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::money::Money;
use crate::payment::attempt::{Attempt, Demand};
use crate::payment::voice::{self, SaleBalance, Told};
use crate::till::handles::settled::{Known, Settled, SettledLater};
use crate::till::handles::state_file::Held;

/// Who is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Telling {
    /// Whoever has asked for this attempt.
    Call,
    /// Nobody: it was found out by the way.
    Nobody,
}

impl Held {
    /// What the journal says of an attempt. `error`: what went wrong just now.
    pub(crate) fn tell(&mut self, attempt: &Attempt, error: Option<Error>, telling: Telling) -> Settled {
        let answer = self.journal().and_then(|journal| stored_answer(journal, attempt));
        match answer {
            Ok(answer) => self.tell_with(attempt, answer.as_deref(), error, telling),
            Err(fault) => self.tell_unstored(attempt, None, fault, telling),
        }
    }

    /// The same of what could not be stored.
    pub(crate) fn tell_unstored(
        &mut self,
        attempt: &Attempt,
        answer: Option<&[u8]>,
        error: Error,
        telling: Telling,
    ) -> Settled {
        self.tell_with(attempt, answer, Some(error), telling)
    }

    fn tell_with(
        &mut self,
        attempt: &Attempt,
        answer: Option<&[u8]>,
        error: Option<Error>,
        telling: Telling,
    ) -> Settled {
        let now = self.now();
        let balance = self.balance(attempt).unwrap_or_default();
        let others_unfinished = self.others_need_a_person(attempt).unwrap_or(true);
        let known = Known { balance, others_unfinished, at: now.at };
        let mut settled = Settled::of(attempt, answer, error, known);
        let new = voice::new_demands(&settled.next_actions, attempt, now.at);
        settled.next_actions = voice::told(settled.next_actions, attempt, false);
        if telling == Telling::Call {
            if self.stores_demands && self.store_demands(attempt, &new).is_err() {
                // What cannot be stored might be said again: then it is for the cashier to know.
                let asked = Attempt { demands: new, ..attempt.clone() };
                settled.next_actions = voice::told(settled.next_actions, &asked, false);
            }
            self.told.insert(attempt.key(), Told::of(attempt, false));
        }
        settled.tells = Told::of(attempt, false);
        settled
    }

    /// What the journal says of each of these, to whoever looks through them: as it stands now, whenever that is looked at.
    pub(crate) fn tell_list(&mut self, attempts: &[Attempt]) -> Vec<SettledLater> {
        let at = self.now().at;
        let mut of_sales: BTreeMap<&str, Vec<&Attempt>> = BTreeMap::new();
        for attempt in attempts {
            of_sales.entry(&attempt.reference).or_default().push(attempt);
        }
        let balance = |(reference, listed)| (reference, self.balance_of(reference, listed).unwrap_or_default());
        let balances: BTreeMap<&str, SaleBalance> = of_sales.into_iter().map(balance).collect();
        let tell = |attempt: &Attempt| -> SettledLater {
            let balance = balances.get(attempt.reference.as_str()).copied().unwrap_or_default();
            let known = Known { balance, others_unfinished: false, at };
            let (answer, fault) = match self.journal().and_then(|journal| stored_answer(journal, attempt)) {
                Ok(answer) => (answer, None),
                Err(fault) => (None, Some(fault)),
            };
            let attempt = attempt.clone();
            SettledLater::new(move || listed(&attempt, answer.as_deref(), fault, known))
        };
        attempts.iter().map(tell).collect()
    }

    /// Stores what was asked for with money, before it is told.
    pub(crate) fn store_demands(&mut self, attempt: &Attempt, demands: &[Demand]) -> Result<()> {
        if demands.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let (reference, number) = (&attempt.reference, attempt.attempt);
        self.journal()?.note_demands(reference, number, demands, &now).map(drop)
    }

    /// What the till was told of an attempt last: this process, or one before it whose output is safe.
    pub(crate) fn told_of(&self, attempt: &Attempt) -> Option<Told> {
        self.told.get(&attempt.key()).copied().or(attempt.told)
    }

    /// Another sale's attempt over the same money that may have been paid.
    pub(crate) fn possible_duplicate(&mut self, money: Money, reference: &str, till: i64) -> Result<Option<Attempt>> {
        // Lent out: the journal is held as a whole meanwhile.
        let told = std::mem::take(&mut self.told);
        let is_told = |other: &Attempt| told.get(&other.key()).copied().or(other.told) == Some(Told::of(other, false));
        let found = self.journal().and_then(|journal| journal.possible_duplicate(money, reference, till, is_told));
        self.told = told;
        found
    }

    fn balance(&mut self, attempt: &Attempt) -> Result<SaleBalance> {
        let mut attempts = self.journal()?.attempts(&attempt.reference)?;
        // As it is told, which may be more than what could be stored.
        match attempts.iter_mut().find(|known| known.attempt == attempt.attempt) {
            Some(known) => *known = attempt.clone(),
            None => attempts.push(attempt.clone()),
        }
        Ok(SaleBalance::of(&attempts))
    }

    /// That of a sale, of which these are listed: mostly they are all that there are.
    fn balance_of(&mut self, reference: &str, listed: Vec<&Attempt>) -> Result<SaleBalance> {
        let journal = self.journal()?;
        let mut known: Vec<Attempt> = listed.into_iter().cloned().collect();
        known.sort_by_key(|attempt| attempt.attempt);
        if !known.iter().map(|attempt| attempt.attempt).eq(journal.numbers(reference)?) {
            known = journal.attempts(reference)?;
        }
        Ok(SaleBalance::of(&known))
    }

    /// Whether something else needs a person and was not told as it stands now.
    pub(crate) fn others_need_a_person(&mut self, attempt: &Attempt) -> Result<bool> {
        let needy = self.journal()?.needing_a_person()?;
        let is_new = |other: &Attempt| self.told_of(other) != Some(Told::of(other, false));
        Ok(needy.iter().any(|other| other.key() != attempt.key() && is_new(other)))
    }
}

/// What a list says of an attempt.
fn listed(attempt: &Attempt, answer: Option<&[u8]>, error: Option<Error>, known: Known) -> Settled {
    let mut settled = Settled::of(attempt, answer, error, known);
    settled.next_actions = voice::told(settled.next_actions, attempt, true);
    settled.tells = Told::of(attempt, true);
    settled
}

/// The server's whole answer that an attempt was settled by; the contradicting one, if there is one, unless the receipts
/// are with the first.
fn stored_answer(journal: &Journal, attempt: &Attempt) -> Result<Option<Vec<u8>>> {
    let conflict = attempt.conflict.as_ref().filter(|_| !attempt.is_unpaid_after_all());
    let contradicting = conflict.and_then(|conflict| conflict.response);
    let Some(event) = contradicting.or(attempt.response) else { return Ok(None) };
    journal.response(event)
}
