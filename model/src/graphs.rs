//! The graphs: which scene, which kind of till, and which behaviours of the world that stay the same throughout. Many small
//! ones, because one large one would never end.

use secupos::payment::reason::Reason;

/// What is played.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scene {
    /// G1: one purchase, attempts, and perhaps another reference.
    OnePurchase,
    /// G2: the next customer.
    TwoPurchases,
    /// G3: a paid payment, and the customer wants the money back.
    MoneyBack,
    /// G3: the service has called an attempt failed, and charged it; the next one was paid, too.
    TwiceCharged,
    /// G4: the state file is brought back from an older day, together with its head.
    BroughtBack,
}

impl Scene {
    pub const ALL: [Scene; 5] =
        [Scene::OnePurchase, Scene::TwoPurchases, Scene::MoneyBack, Scene::TwiceCharged, Scene::BroughtBack];

    pub fn name(self) -> &'static str {
        match self {
            Scene::OnePurchase => "G1 one purchase",
            Scene::TwoPurchases => "G2 two purchases",
            Scene::MoneyBack => "G3 money back",
            Scene::TwiceCharged => "G3 charged twice",
            Scene::BroughtBack => "G4 brought back",
        }
    }
}

/// How long the till's process lives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Life {
    /// All day.
    Long,
    /// For one command.
    CommandLine,
}

/// What the world does besides. A service that is nothing special says `processing` while the terminal asks for the card,
/// refuses an abort, says what is true at once, and has the receipts with its answer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Behaviour {
    Lags,
    RunningSaysCreated,
    RunningSays404,
    RunningSaysFailed,
    ArrivesLate,
    RefusedLate,
    RefusedAtOnce,
    TokenKilled,
    AbortHasNoEffect,
    AbortKills,
    AbortFollows,
    ReceiptsLate,
    AnswersLost,
    CreateLost,
    ActionHonoured,
    PaysPart,
    PaysTip,
    AmountUnreadable,
    RungUpAgain,
    Suspended,
    ClockSet,
    CancelLost,
    CancelLate,
    CancelRefused,
    SaysOkForEver,
    AbortedThenPaid,
    FailedThenPaid,
    FailedForLong,
    WronglyDecided,
    TakesBackOk,
    ListRefused,
    ReversedByHand,
}

use Behaviour::*;

impl Behaviour {
    pub const ALL: [Behaviour; 32] = [
        Lags,
        RunningSaysCreated,
        RunningSays404,
        RunningSaysFailed,
        ArrivesLate,
        RefusedLate,
        RefusedAtOnce,
        TokenKilled,
        AbortHasNoEffect,
        AbortKills,
        AbortFollows,
        ReceiptsLate,
        AnswersLost,
        CreateLost,
        ActionHonoured,
        PaysPart,
        PaysTip,
        AmountUnreadable,
        RungUpAgain,
        Suspended,
        ClockSet,
        CancelLost,
        CancelLate,
        CancelRefused,
        SaysOkForEver,
        AbortedThenPaid,
        FailedThenPaid,
        FailedForLong,
        WronglyDecided,
        TakesBackOk,
        ListRefused,
        ReversedByHand,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Lags => "the status lags 10 s",
            RunningSaysCreated => "says created while running",
            RunningSays404 => "says 404 while running",
            RunningSaysFailed => "says failed while running",
            ArrivesLate => "a start arrives late",
            RefusedLate => "refused late, then charged",
            RefusedAtOnce => "refused at once, then charged",
            TokenKilled => "another till kills the token",
            AbortHasNoEffect => "abort has no effect",
            AbortKills => "abort kills",
            AbortFollows => "abort follows the status",
            ReceiptsLate => "receipts come late",
            AnswersLost => "answers to reads and aborts are lost",
            CreateLost => "the answer to create is lost",
            ActionHonoured => "X-Action is honoured",
            PaysPart => "a part is charged",
            PaysTip => "a tip is charged",
            AmountUnreadable => "the amount cannot be read",
            RungUpAgain => "rung up again",
            Suspended => "the machine is suspended",
            ClockSet => "the wall clock is set",
            CancelLost => "cancelTrx lost and done",
            CancelLate => "cancelTrx lost and done later",
            CancelRefused => "cancelTrx refused at once",
            SaysOkForEver => "a cancelled payment goes on saying ok",
            AbortedThenPaid => "B: aborted, then paid",
            FailedThenPaid => "B: failed by start itself, then paid",
            FailedForLong => "B: failed for a minute, then paid",
            WronglyDecided => "B: a person decides wrongly",
            TakesBackOk => "B: ok, then failed",
            ListRefused => "B: brought back, and the list is refused",
            ReversedByHand => "somebody reverses it at the terminal",
        }
    }

    /// Whether no client can be right about it.
    pub fn is_a_lie(self) -> bool {
        matches!(self, AbortedThenPaid | FailedThenPaid | FailedForLong | WronglyDecided | TakesBackOk | ListRefused)
    }

    /// Whether it means anything there.
    fn belongs_to(self, scene: Scene) -> bool {
        let of_reversal = matches!(self, CancelLost | CancelLate | CancelRefused | SaysOkForEver);
        match scene {
            Scene::OnePurchase => !of_reversal && self != ListRefused,
            Scene::TwoPurchases => {
                !of_reversal && !matches!(self, ListRefused | RungUpAgain | PaysPart | PaysTip | AmountUnreadable)
            }
            Scene::MoneyBack | Scene::TwiceCharged => {
                of_reversal
                    || matches!(
                        self,
                        AnswersLost | ReversedByHand | Lags | ClockSet | Suspended | WronglyDecided | TakesBackOk
                    )
            }
            Scene::BroughtBack => matches!(self, Lags | ListRefused | ReceiptsLate | ClockSet),
        }
    }

    /// Whether both can be true of one service.
    fn goes_with(self, other: Behaviour) -> bool {
        let words = [RunningSaysCreated, RunningSays404, RunningSaysFailed, FailedForLong, AbortedThenPaid];
        let aborts = [AbortHasNoEffect, AbortKills, AbortFollows, AbortedThenPaid];
        let both = |group: &[Behaviour]| group.contains(&self) && group.contains(&other);
        // Somebody who reverses it by hand after it was read, or where a read does not show it, or besides a refund, is seen by
        // no client.
        let hides = |one| matches!(one, Lags | SaysOkForEver | CancelRefused);
        let is_unseen = self == ReversedByHand && hides(other) || other == ReversedByHand && hides(self);
        let both_lie = self.is_a_lie() && other.is_a_lie();
        self != other && !both(&words) && !both(&aborts) && !is_unseen && !both_lie
    }
}

/// One graph.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Graph {
    pub scene: Scene,
    pub life: Life,
    pub behaviours: Vec<Behaviour>,
    /// How often something breaks.
    pub faults: u8,
    /// The axiom that is switched off.
    pub without: Option<u8>,
}

impl Graph {
    pub fn new(scene: Scene, life: Life, behaviours: &[Behaviour]) -> Graph {
        Graph { scene, life, behaviours: behaviours.to_vec(), faults: 2, without: None }
    }

    pub fn has(&self, behaviour: Behaviour) -> bool {
        self.behaviours.contains(&behaviour)
    }

    pub fn is_without(&self, axiom: u8) -> bool {
        self.without == Some(axiom)
    }

    /// Whether the client must be right: class A.
    pub fn must_be_right(&self) -> bool {
        let is_lied_to = self.behaviours.iter().any(|behaviour| behaviour.is_a_lie());
        // Says aborted of what is at the terminal, and never better before it is paid.
        let is_deceived = self.has(RunningSaysCreated)
            && self.has(AbortFollows)
            && (self.has(RefusedAtOnce) || self.has(TokenKilled) || self.has(RefusedLate));
        !is_lied_to && !is_deceived && self.scene != Scene::TwiceCharged
    }

    /// How often a sale is tried under one reference. The next customer is only let try again because the terminal was busy.
    pub fn most_attempts(&self, reason: Option<Reason>) -> i32 {
        match (self.scene, reason) {
            (Scene::TwoPurchases, Some(Reason::TerminalBusy)) => 2,
            (Scene::TwoPurchases | Scene::BroughtBack, _) => 1,
            _ => 2,
        }
    }

    pub fn word_while_running(&self) -> crate::service::Word {
        use crate::service::Word;
        match () {
            () if self.has(RunningSaysCreated) || self.has(AbortedThenPaid) => Word::Created,
            () if self.has(RunningSays404) => Word::NotFound,
            () if self.has(RunningSaysFailed) || self.has(FailedForLong) => Word::Failed,
            () => Word::Processing,
        }
    }

    pub fn name(&self) -> String {
        let life = if self.life == Life::Long { "" } else { ", command line" };
        let behaviours: Vec<_> = self.behaviours.iter().map(|behaviour| behaviour.name()).collect();
        let behaviours = if behaviours.is_empty() { "nothing special".to_owned() } else { behaviours.join(" + ") };
        format!("{}{life}: {behaviours}", self.scene.name())
    }
}

fn everywhere(of: impl Fn(Scene) -> Vec<Vec<Behaviour>>) -> Vec<Graph> {
    let lives = [Life::Long, Life::CommandLine];
    let in_scene = |scene| lives.into_iter().map(move |life| (scene, life));
    let graphs = Scene::ALL.into_iter().flat_map(in_scene);
    graphs.flat_map(|(scene, life)| of(scene).into_iter().map(move |some| Graph::new(scene, life, &some))).collect()
}

/// Each behaviour alone, and none; and a few together, because there is something that only they reach. Lines break and
/// programs die where there is nothing else special; with others they are for the pairs.
pub fn singles() -> Vec<Graph> {
    let mut graphs = everywhere(|scene| {
        let alone = Behaviour::ALL.into_iter().filter(|one| one.belongs_to(scene)).map(|one| vec![one]);
        std::iter::once(vec![]).chain(alone).collect()
    });
    for graph in &mut graphs {
        let is_small = matches!(graph.scene, Scene::MoneyBack | Scene::TwiceCharged);
        let is_plain = graph.behaviours.is_empty() && graph.scene != Scene::TwoPurchases;
        // What is in doubt, and rung up again: without a broken line there is nothing in doubt.
        let is_again = graph.has(RungUpAgain) && graph.life == Life::Long;
        graph.faults = u8::from(is_small || is_plain || is_again) + u8::from(is_small);
    }
    let together: [(Scene, &[Behaviour]); 4] = [
        (Scene::OnePurchase, &[Lags, ReceiptsLate]),
        (Scene::OnePurchase, &[AbortedThenPaid, ReversedByHand]),
        (Scene::OnePurchase, &[FailedThenPaid, ReversedByHand]),
        (Scene::MoneyBack, &[SaysOkForEver, TakesBackOk]),
    ];
    let in_scene =
        |(scene, some)| Graph { faults: u8::from(scene == Scene::MoneyBack), ..Graph::new(scene, Life::Long, some) };
    graphs.extend(together.map(in_scene));
    graphs
}

/// Each two that go together. Of the large scenes only a till that lives long, and nothing breaks besides.
pub fn pairs() -> Vec<Graph> {
    let mut graphs = everywhere(|scene| {
        let here: Vec<_> = Behaviour::ALL.into_iter().filter(|one| one.belongs_to(scene)).collect();
        let with = |(number, one): (usize, &Behaviour)| {
            let later: Vec<_> = here[number + 1..].iter().filter(|other| one.goes_with(**other)).collect();
            later.into_iter().map(|other| vec![*one, *other]).collect::<Vec<_>>()
        };
        here.iter().enumerate().flat_map(with).collect()
    });
    let is_large = |graph: &Graph| matches!(graph.scene, Scene::OnePurchase | Scene::TwoPurchases);
    graphs.retain(|graph| graph.life == Life::Long || !is_large(graph));
    for graph in &mut graphs {
        graph.faults = u8::from(!is_large(graph));
    }
    graphs
}
