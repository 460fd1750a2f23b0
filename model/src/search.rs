//! Breadth-first search through everything that can happen: every state once, known again by a fingerprint, so that the
//! first way to a violation is the shortest there is.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use crate::coverage::Coverage;

/// What is searched.
pub trait Searched {
    /// All that is remembered from one step to the next.
    type State: Clone + Hash;
    /// What must never be.
    type Violation: Clone;

    /// Where it begins.
    fn first(&self) -> Self::State;

    /// One step. Whatever may go one way or another is asked of `play`; each way is taken in its turn. Returns false where
    /// nothing can happen any more.
    fn step(&self, state: &mut Self::State, play: &mut Play) -> bool;

    /// What this state shows that must never be.
    fn violation(&self, state: &Self::State) -> Option<Self::Violation>;
}

/// One way through a step: which ways were chosen, what is told of it, and what it has shown.
#[derive(Default)]
pub struct Play {
    chosen: Vec<(u32, u32)>,
    next: usize,
    again: u64,
    story: Option<Vec<String>>,
    /// What was reached.
    pub coverage: Coverage,
}

impl Play {
    /// Goes one of so many ways.
    pub fn choose(&mut self, ways: usize) -> usize {
        let ways = u32::try_from(ways).expect("few ways");
        assert!(ways > 0, "there is always a way");
        if self.next == self.chosen.len() {
            self.chosen.push(((self.again % u64::from(ways)) as u32, ways));
            self.again /= u64::from(ways);
        }
        let (chosen, of) = self.chosen[self.next];
        assert_eq!(of, ways, "the same step asks the same questions");
        self.next += 1;
        chosen as usize
    }

    /// Whether it happens.
    pub fn may(&mut self) -> bool {
        self.choose(2) == 1
    }

    /// A line of the story, where somebody listens.
    pub fn tell(&mut self, line: impl FnOnce() -> String) {
        if let Some(story) = &mut self.story {
            story.push(line());
        }
    }

    /// From the first question on; `again`: the choices that were made before, as [`code`](Play::code) says them.
    fn begin(&mut self, again: u64) {
        self.chosen.clear();
        (self.next, self.again) = (0, again);
    }

    /// The next way through the same step, if there is one.
    fn turn(&mut self) -> bool {
        self.next = 0;
        while let Some((chosen, ways)) = self.chosen.last_mut() {
            if *chosen + 1 < *ways {
                *chosen += 1;
                return true;
            }
            self.chosen.pop();
        }
        false
    }

    /// All choices as one number, the first one lowest.
    fn code(&self) -> u64 {
        self.chosen.iter().rev().fold(0, |code, (chosen, ways)| code * u64::from(*ways) + u64::from(*chosen))
    }
}

/// A state that was reached, and how.
struct Reached {
    from: u32,
    by: u64,
}

/// What a search has found.
pub struct Found<Violation> {
    /// How many states there are, or as many as were looked at.
    pub states: usize,
    /// Whether that is all of them.
    pub is_whole: bool,
    /// The violation that takes the fewest steps, and its story.
    pub violation: Option<(Violation, Vec<String>)>,
    /// What was reached.
    pub coverage: Coverage,
}

fn fingerprint(state: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    state.hash(&mut hasher);
    hasher.finish()
}

/// A fingerprint is as good as a hash.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only fingerprints are kept")
    }

    fn write_u64(&mut self, fingerprint: u64) {
        self.0 = fingerprint;
    }
}

/// Goes through all of it, or to the first violation, or through so many states, the nearest ones.
pub fn search<S: Searched>(searched: &S, most: usize) -> Found<S::Violation> {
    let mut known: HashSet<u64, BuildHasherDefault<AsItIs>> = HashSet::default();
    let mut reached = vec![Reached { from: 0, by: 0 }];
    let mut play = Play::default();
    let first = searched.first();
    known.insert(fingerprint(&first));
    let mut waiting = VecDeque::from([(0_u32, first)]);
    while let Some((from, state)) = waiting.pop_front() {
        play.begin(0);
        loop {
            let mut next = state.clone();
            if searched.step(&mut next, &mut play) && known.insert(fingerprint(&next)) {
                let number = u32::try_from(reached.len()).expect("few states");
                reached.push(Reached { from, by: play.code() });
                if let Some(violation) = searched.violation(&next) {
                    let violation = Some((violation, story(searched, &reached)));
                    return Found { states: reached.len(), is_whole: false, violation, coverage: play.coverage };
                }
                waiting.push_back((number, next));
                if reached.len() >= most {
                    return Found { states: most, is_whole: false, violation: None, coverage: play.coverage };
                }
            }
            if !play.turn() {
                break;
            }
        }
    }
    Found { states: reached.len(), is_whole: true, violation: None, coverage: play.coverage }
}

/// How the last state was reached, in words.
fn story<S: Searched>(searched: &S, reached: &[Reached]) -> Vec<String> {
    let mut way = Vec::new();
    let mut number = reached.len() - 1;
    while number != 0 {
        way.push(reached[number].by);
        number = reached[number].from as usize;
    }
    let mut state = searched.first();
    let mut play = Play { story: Some(Vec::new()), ..Play::default() };
    for by in way.into_iter().rev() {
        play.begin(by);
        searched.step(&mut state, &mut play);
    }
    play.story.unwrap_or_default()
}
