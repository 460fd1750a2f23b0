//! The kinds of events, by their names on disk, and which of them begin something.

/// What has happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::journal) enum Kind {
    /// The state file was made.
    Created,
    /// The state file was opened.
    Opened,
    /// The state file was made anew from what could be read of a damaged or lost one.
    Recovered,
    /// An attempt was read from the damaged one.
    Salvaged,
    /// An operator has accepted that something may have been lost.
    LossAccepted,
    /// An attempt ended before it had a start.
    Refused,
    /// A start may be sent from here on.
    Starting,
    /// What is known of an attempt in doubt.
    InDoubt,
    /// Our abort may be sent from here on.
    Aborting,
    /// The server has said the same of what failed, so much later that it is believed for good.
    Proven,
    /// The till is asked to do something with money: said once.
    Demanded,
    /// A process whose output may be lost has said how an attempt stands, and that is stored for the one that takes it over.
    Told,
    /// An attempt became final.
    Finished,
    /// The server has said more of what was paid.
    Completed,
    /// The server has said what contradicts what is stored.
    Contradicted,
    /// A person has decided.
    Decided,
    /// The till took over the result.
    Acknowledged,
    /// A reversal may be sent from here on.
    Reversing,
    /// What is known of a reversal in doubt.
    ReversalInDoubt,
    /// A reversal was refused, or never sent.
    NotReversed,
    /// A person has decided what became of a reversal.
    ReversalDecided,
    /// A report may be sent from here on.
    ReportStarting,
    /// What became of a report.
    ReportEnded,
    /// Old responses were removed; which ones, it says.
    Pruned,
    /// The till was registered as a device, to which the file is bound from here on.
    Registered,
    /// A person has bound the file to a renamed host, a new device code or another client.
    Rebound,
    /// The service has refused a token that it had just given.
    LoginTaken,
    /// Whether the service's list of transactions can be used is another thing than it was.
    ListCompared,
}

impl Kind {
    /// The name, as on disk.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Created => "created",
            Kind::Opened => "opened",
            Kind::Recovered => "recovered",
            Kind::Salvaged => "salvaged",
            Kind::LossAccepted => "loss_accepted",
            Kind::Refused => "refused",
            Kind::Starting => "starting",
            Kind::InDoubt => "in_doubt",
            Kind::Aborting => "aborting",
            Kind::Proven => "proven",
            Kind::Demanded => "demanded",
            Kind::Told => "told",
            Kind::Finished => "finished",
            Kind::Completed => "completed",
            Kind::Contradicted => "contradicted",
            Kind::Decided => "decided",
            Kind::Acknowledged => "acknowledged",
            Kind::Reversing => "reversing",
            Kind::ReversalInDoubt => "reversal_in_doubt",
            Kind::NotReversed => "not_reversed",
            Kind::ReversalDecided => "reversal_decided",
            Kind::ReportStarting => "report_starting",
            Kind::ReportEnded => "report_ended",
            Kind::Pruned => "pruned",
            Kind::Registered => "registered",
            Kind::Rebound => "rebound",
            Kind::LoginTaken => "login_taken",
            Kind::ListCompared => "list_compared",
        }
    }

    /// Whether forgetting it only means that the service is asked again, or that the till is told again. What may not be
    /// forgotten has its head synced, too: by that a disk is noticed that has lost what it had called durable.
    pub(super) fn may_be_asked_again(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Refused
                | InDoubt
                | Told
                | Finished
                | Completed
                | Contradicted
                | Proven
                | Acknowledged
                | ReversalInDoubt
                | NotReversed
                | ReportEnded
                | LoginTaken
                | ListCompared
        )
    }

    /// Whether this begins something, or can be done without: a journal that is not whole refuses it, and there is no reserve
    /// for it.
    pub(super) fn begins(self) -> bool {
        use Kind::*;
        matches!(self, Refused | Starting | Reversing | ReportStarting | Pruned | LoginTaken | ListCompared)
    }
}
