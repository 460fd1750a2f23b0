//! Whether the state file, together with its head, has been brought back from an older day: then the service knows newer
//! payments of this till than the file does.

/// A transaction in the service's list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Whether it is paid, or was paid and then cancelled.
    pub is_paid: bool,
    /// Whether it is a report of the terminal's, and no payment.
    pub is_report: bool,
    /// The device that created it; none where the service does not say.
    pub device: Option<String>,
    /// When the service created it: Unix milliseconds, UTC.
    pub created: Option<i64>,
}

/// What the list shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// Nothing that the journal does not know.
    Nothing,
    /// It cannot be used: our own new transaction is not in it.
    Unusable,
    /// This payment is newer than the journal, and unknown to it.
    Newer(String),
}

/// What the newest transactions say of the journal. `own`: our own transaction, just created, and the device that created it;
/// `last_date`: the service's clock in the journal's last row; `knows`: whether the journal knows a transaction.
pub fn look(
    list: &[Listed],
    own: &str,
    device: Option<&str>,
    last_date: Option<i64>,
    knows: impl Fn(&str) -> bool,
) -> Found {
    let Some(own_listed) = list.iter().find(|listed| listed.id == own) else { return Found::Unusable };
    // Without a row with a date there is nothing that it could be newer than.
    let Some(last_date) = last_date else { return Found::Nothing };
    let is_ours = |listed: &Listed| match (&listed.device, device) {
        (Some(theirs), Some(ours)) => theirs == ours,
        // A list that names no devices, not even ours, says nothing of whose a payment is.
        (None, Some(_)) => own_listed.device.is_none(),
        (_, None) => true,
    };
    // The service dates to the second. No terminal takes two payments in one: what is as old as the last row is no newer.
    let is_newer = |listed: &&Listed| {
        let is_payment = listed.is_paid && !listed.is_report && listed.id != own;
        is_payment && is_ours(listed) && listed.created.is_some_and(|created| created > last_date) && !knows(&listed.id)
    };
    list.iter().find(is_newer).map_or(Found::Nothing, |listed| Found::Newer(listed.id.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(id: &str, created: i64) -> Listed {
        Listed { id: id.into(), is_paid: true, is_report: false, device: Some("D".into()), created: Some(created) }
    }

    fn own() -> Listed {
        Listed { is_paid: false, ..paid("own", 99) }
    }

    #[test]
    fn only_a_paid_newer_payment_of_our_own_that_the_journal_does_not_know_shows_that_it_was_rolled_back() {
        let newer = Found::Newer("x".into());
        for (case, list, expected) in [
            ("empty", vec![], Found::Unusable),
            ("not ours in it", vec![paid("x", 50)], Found::Unusable),
            ("only ours", vec![own()], Found::Nothing),
            ("newer", vec![own(), paid("x", 11)], newer.clone()),
            ("of the same second as the last row", vec![own(), paid("x", 10)], Found::Nothing),
            ("older than the last row", vec![own(), paid("x", 9)], Found::Nothing),
            ("known", vec![own(), paid("known", 50)], Found::Nothing),
            ("not paid", vec![own(), Listed { is_paid: false, ..paid("x", 50) }], Found::Nothing),
            ("a report", vec![own(), Listed { is_report: true, ..paid("x", 50) }], Found::Nothing),
            ("another device's", vec![own(), Listed { device: Some("E".into()), ..paid("x", 50) }], Found::Nothing),
            ("of no device", vec![own(), Listed { device: None, ..paid("x", 50) }], Found::Nothing),
            (
                "a list without devices",
                vec![Listed { device: None, ..own() }, Listed { device: None, ..paid("x", 50) }],
                newer.clone(),
            ),
            ("without a time", vec![own(), Listed { created: None, ..paid("x", 50) }], Found::Nothing),
        ] {
            assert_eq!(look(&list, "own", Some("D"), Some(10), |id| id == "known"), expected, "{case}");
        }
        let list = [own(), paid("x", 50)];
        assert_eq!(look(&list, "own", None, Some(10), |_| false), newer, "we do not know our own device");
        assert_eq!(look(&list, "own", Some("D"), None, |_| false), Found::Nothing, "the journal has no row");
    }
}
