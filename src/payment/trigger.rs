//! What can happen to an attempt.

/// What can happen to an attempt: the columns of the table of transitions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trigger {
    /// A start may be sent from here on.
    Start,
    /// It turns out that nothing was sent.
    NeverSent,
    /// The service says `ok`.
    Paid,
    /// The service says `failed`, `aborted`, `timeout`, `deleted`, or `cancelled` before it was paid.
    NotPaid,
    /// The service says `cancelled`, and that it was paid before.
    Cancelled,
    /// The service says `created`, another word, or nothing that can be understood.
    NothingFinal,
    /// The service says that our abort has ended it.
    AbortTook,
    /// A person says that it was paid.
    DecidesPaid,
    /// A person says that it was not paid.
    DecidesNotPaid,
    /// The till takes over the result.
    Acknowledges,
    /// A reversal may be sent from here on; once more only where somebody asks for it.
    Reverse,
    /// A reversal was refused or never sent.
    NotReversed,
    /// A person says that it was reversed.
    DecidesReversed,
    /// A person says that it was not reversed.
    DecidesNotReversed,
}

impl Trigger {
    /// All of them.
    pub const ALL: [Trigger; 14] = [
        Trigger::Start,
        Trigger::NeverSent,
        Trigger::Paid,
        Trigger::NotPaid,
        Trigger::Cancelled,
        Trigger::NothingFinal,
        Trigger::AbortTook,
        Trigger::DecidesPaid,
        Trigger::DecidesNotPaid,
        Trigger::Acknowledges,
        Trigger::Reverse,
        Trigger::NotReversed,
        Trigger::DecidesReversed,
        Trigger::DecidesNotReversed,
    ];

    /// The name, as the documentation shows it.
    pub fn name(self) -> &'static str {
        match self {
            Trigger::Start => "start may be sent",
            Trigger::NeverSent => "nothing was sent",
            Trigger::Paid => "service: paid",
            Trigger::NotPaid => "service: not paid",
            Trigger::Cancelled => "service: cancelled after paid",
            Trigger::NothingFinal => "service: nothing final",
            Trigger::AbortTook => "our abort took effect",
            Trigger::DecidesPaid => "person: paid",
            Trigger::DecidesNotPaid => "person: not paid",
            Trigger::Acknowledges => "till acknowledges",
            Trigger::Reverse => "reversal may be sent",
            Trigger::NotReversed => "reversal not done",
            Trigger::DecidesReversed => "person: reversed",
            Trigger::DecidesNotReversed => "person: not reversed",
        }
    }
}
