//! The node that a request came to, by its clock: it may be wrong, and another node's may be right.

use std::time::Duration;

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::model::settings::Settings;

/// A node of the service.
#[derive(Clone, Copy)]
pub struct Node {
    skew_ms: i64,
    /// In which it tells the time.
    offset: UtcOffset,
}

impl Node {
    /// The nodes are asked in turn.
    pub(crate) fn of(settings: &Settings, turn: usize) -> Node {
        let skews = &settings.clock_skew_ms;
        let skew_ms = turn.checked_rem(skews.len()).map_or(0, |node| skews[node]);
        let offset = UtcOffset::from_whole_seconds(i32::from(settings.utc_offset_min) * 60).unwrap_or(UtcOffset::UTC);
        Node { skew_ms, offset }
    }

    /// What its clock shows at this Unix time, as Unix time.
    pub fn shows(self, unix: Duration) -> Duration {
        let skew = Duration::from_millis(self.skew_ms.unsigned_abs());
        if self.skew_ms < 0 { unix.saturating_sub(skew) } else { unix.saturating_add(skew) }
    }

    /// As the API writes times: ISO 8601 with an offset and without fractions.
    pub(crate) fn timestamp(self, unix: Duration) -> String {
        let shown = utc(self.shows(unix)).to_offset(self.offset);
        shown.format(&Rfc3339).unwrap_or_default().replace('Z', "+00:00")
    }
}

/// Unix time as a date, to the second.
pub(crate) fn utc(unix: Duration) -> OffsetDateTime {
    let seconds = i64::try_from(unix.as_secs()).unwrap_or_default();
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
