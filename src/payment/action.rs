//! What a till can be asked to do next. When, `next_actions` says.

use serde::{Deserialize, Serialize};

/// What the till should do next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(i32)]
pub enum Action {
    /// Print the merchant's copy and keep it.
    PrintMerchant = 1,
    /// Have the customer sign the merchant's copy.
    TakeSignature = 2,
    /// Print the customer's copy.
    PrintCustomer = 3,
    /// Offer another attempt.
    TryAgain = 4,
    /// Ask again later what became of the payment, or for its receipts.
    RecoverLater = 5,
    /// Look at the terminal.
    LookAtTerminal = 6,
    /// Ask the cashier: is there a slip, and what does the terminal show?
    AskCashier = 7,
    /// Give the money back: the sale was charged more than once, or the first request to reverse it was refused at
    /// once.
    Refund = 8,
    /// Collect the money: a person took the sale for paid, and the service says that it was not.
    Collect = 9,
    /// Call support.
    CallSupport = 10,
    /// Collect the rest of the amount in another way, or as a sale under a new reference.
    CollectRest = 11,
    /// Something else at this till needs a person and has not been reported.
    CheckUnfinished = 12,
}

impl Action {
    /// All of them.
    pub const ALL: [Action; 12] = [
        Action::PrintMerchant,
        Action::TakeSignature,
        Action::PrintCustomer,
        Action::TryAgain,
        Action::RecoverLater,
        Action::LookAtTerminal,
        Action::AskCashier,
        Action::Refund,
        Action::Collect,
        Action::CallSupport,
        Action::CollectRest,
        Action::CheckUnfinished,
    ];

    /// The name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Action::PrintMerchant => "print_merchant",
            Action::TakeSignature => "take_signature",
            Action::PrintCustomer => "print_customer",
            Action::TryAgain => "try_again",
            Action::RecoverLater => "recover_later",
            Action::LookAtTerminal => "look_at_terminal",
            Action::AskCashier => "ask_cashier",
            Action::Refund => "refund",
            Action::Collect => "collect",
            Action::CallSupport => "call_support",
            Action::CollectRest => "collect_rest",
            Action::CheckUnfinished => "check_unfinished",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_on_disk() {
        for action in Action::ALL {
            assert_eq!(serde_json::to_value(action).expect("json"), action.name());
        }
    }
}
