//! The clock of the node that a request came to. It may be wrong, and another node's may be right.

use std::time::{Duration, SystemTime};

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::model::settings::Settings;

/// A clock.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    skew_ms: i64,
    /// In which it tells the time.
    offset: UtcOffset,
}

impl Clock {
    /// The nodes are asked in turn.
    pub(crate) fn of(settings: &Settings, turn: usize) -> Clock {
        let skews = &settings.clock_skew_ms;
        let skew_ms = turn.checked_rem(skews.len()).map_or(0, |node| skews[node]);
        let offset = UtcOffset::from_whole_seconds(i32::from(settings.utc_offset_min) * 60).unwrap_or(UtcOffset::UTC);
        Clock { skew_ms, offset }
    }

    fn now(self) -> SystemTime {
        let skew = Duration::from_millis(self.skew_ms.unsigned_abs());
        let skewed =
            if self.skew_ms < 0 { SystemTime::now().checked_sub(skew) } else { SystemTime::now().checked_add(skew) };
        skewed.unwrap_or(SystemTime::UNIX_EPOCH)
    }

    /// As the API writes times: ISO 8601 with an offset and without fractions.
    pub(crate) fn timestamp(self) -> String {
        let now = OffsetDateTime::from(self.now()).to_offset(self.offset).truncate_to_second();
        now.format(&Rfc3339).unwrap_or_default().replace('Z', "+00:00")
    }

    /// As HTTP writes times.
    pub(crate) fn date(self) -> String {
        httpdate::fmt_http_date(self.now())
    }
}
