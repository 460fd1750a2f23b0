//! `GET /Smart/Transactions`: the list of all that this merchant has, whichever device it is of, reports among them.

use std::cmp::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use crate::model::answer::{Answer, Refusal};
use crate::model::endpoint::Endpoint;
use crate::model::request::{Reply, Request};
use crate::model::settings::{DeviceSource, Settings};
use crate::model::state::{Model, Replied};

/// How many there are on a page if nobody says how many.
const PAGE: usize = 20;

impl Model {
    pub(crate) fn list(&self, request: &Request<'_>) -> Replied {
        self.admits(request)?;
        if self.settings.list_refused {
            return Err(Refusal::not_allowed());
        }
        let query = Query::read(request.query)?;
        let mut rows = self.rows();
        rows.retain(|row| query.terms.iter().all(|term| term.fits(row)));
        if let Some((field, descending)) = &query.sort {
            rows.sort_by(|one, other| ordered(one.field(field), other.field(field)));
            if *descending {
                rows.reverse();
            }
        }
        let count = rows.len();
        let data: Vec<Value> = rows.into_iter().skip(query.offset).take(query.count).map(|row| row.told).collect();
        let body = json!({"count": count, "data": data});
        Ok(Reply::Now(Answer::success(&self.settings, Endpoint::List, body)))
    }

    /// All that reads would find, in the order of their creation.
    fn rows(&self) -> Vec<Row> {
        let Settings { list_lag_ms, device_source, .. } = self.settings;
        let payments = self.transactions.iter().filter_map(|transaction| {
            let told = transaction.as_read(&self.settings, self.now)?;
            Some((transaction.since(), Row { told, created: transaction.created().clone() }))
        });
        let reports = self.reports.iter().map(|report| {
            let (told, created) = (report.body.clone(), Value::Null);
            (report.since, Row { told, created })
        });
        let is_listed = |(since, _): &(Duration, Row)| self.now >= *since + Duration::from_millis(list_lag_ms);
        let mut rows: Vec<(Duration, Row)> = payments.chain(reports).filter(is_listed).collect();
        rows.sort_by_key(|(since, _)| *since);
        let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        if device_source == DeviceSource::NotListed {
            let told = rows.iter_mut().filter_map(|row| row.told.as_object_mut());
            told.for_each(|fields| drop(fields.remove("device_source")));
        }
        rows
    }
}

/// One of what is listed.
struct Row {
    told: Value,
    /// Has fields that are not told any more of what is paid, but can be searched for.
    created: Value,
}

impl Row {
    fn field(&self, path: &str) -> Option<&Value> {
        let within = |body| path.split('.').try_fold(body, |value: &Value, name| value.get(name));
        within(&self.told).or_else(|| within(&self.created))
    }
}

/// What is asked for.
struct Query {
    count: usize,
    offset: usize,
    /// By which field, and whether the greatest comes first.
    sort: Option<(String, bool)>,
    terms: Vec<Term>,
}

impl Query {
    fn read(query: &str) -> Result<Query, Refusal> {
        let mut read = Query { count: PAGE, offset: 0, sort: None, terms: Vec::new() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let invalid = || Refusal::invalid(format!("{name} cannot be {value}"));
            match name.as_ref() {
                "count" => read.count = value.parse().map_err(|_| invalid())?,
                "offset" => read.offset = value.parse().map_err(|_| invalid())?,
                "sort" => {
                    let (field, order) = value.split_once(':').unwrap_or((&value, "asc"));
                    let descending = match order {
                        "asc" => false,
                        "desc" => true,
                        _ => return Err(invalid()),
                    };
                    read.sort = Some((field.to_owned(), descending));
                }
                "q" => read.terms = value.split(" AND ").map(Term::read).collect::<Option<_>>().ok_or_else(invalid)?,
                _ => {}
            }
        }
        Ok(read)
    }
}

/// A condition: `status:ok`, `merchantRef:r*`, `created:[x TO y]`. There are more in the documentation; they are refused.
struct Term {
    field: String,
    wanted: Wanted,
}

enum Wanted {
    Exactly(String),
    Beginning(String),
    Between(String, String),
}

impl Term {
    fn read(term: &str) -> Option<Term> {
        let (field, value) = term.trim().split_once(':')?;
        let is_name =
            |part: &str| part.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'_' || sign == b'.');
        let range = value.strip_prefix('[').and_then(|value| value.strip_suffix(']'));
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let wanted = match (range, quoted, value.strip_suffix('*')) {
            (Some(range), ..) => range.split_once(" TO ").map(|(from, to)| Wanted::Between(from.into(), to.into()))?,
            (_, Some(quoted), _) => Wanted::Exactly(quoted.into()),
            _ if value.contains([' ', '(', ')']) => return None,
            (_, _, Some(beginning)) => Wanted::Beginning(beginning.into()),
            _ => Wanted::Exactly(value.into()),
        };
        is_name(field).then(|| Term { field: field.to_owned(), wanted })
    }

    fn fits(&self, row: &Row) -> bool {
        let Some(value) = row.field(&self.field) else { return false };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match &self.wanted {
            Wanted::Exactly(wanted) => text == *wanted,
            Wanted::Beginning(beginning) => text.starts_with(beginning),
            Wanted::Between(from, to) => (from..=to).contains(&&text),
        }
    }
}

/// Numbers by their size, and all else as text; what is missing comes first.
fn ordered(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    let number = |value: Option<&Value>| value.and_then(Value::as_i64);
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.and_then(Value::as_str).cmp(&other.and_then(Value::as_str)),
    }
}
