//! Codat's query language, over answers as JSON.
//!
//! Knows nothing of what is asked: a member is named by its path, and a path through a list means any of its entries.
//!
//! Shape: `member operator value`, joined by `&&` and `||` (`&&` binds closer), grouped by `{}`. Operators: `=`, `!=`,
//! `~` (contains), `>`, `<`, `>=`, `<=`. Text is compared without regard to case, which the documents leave open.
//!
//! Source: docs.codat.io, using the API, querying (checked 2026-11-21).

use serde_json::Value;
use std::cmp::Ordering;

/// Longest query that is read; Codat's own limit.
const LONGEST: usize = 2048;
/// Groups within groups.
const DEEPEST: usize = 8;
/// Longest first, so that `>=` is not read as `>`.
const OPERATORS: [(&str, Operator); 7] = [
    ("!=", Operator::Not),
    (">=", Operator::NotBefore),
    ("<=", Operator::NotAfter),
    ("=", Operator::Is),
    ("~", Operator::Contains),
    (">", Operator::After),
    ("<", Operator::Before),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Is,
    Not,
    Contains,
    After,
    Before,
    NotBefore,
    NotAfter,
}

/// A query that was understood.
#[derive(Debug)]
pub(super) enum Query {
    Any(Vec<Query>),
    All(Vec<Query>),
    Member(Vec<String>, Operator, String),
}

/// Not a query.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

impl Query {
    pub(super) fn parse(text: &str) -> Result<Self, Malformed> {
        if text.len() > LONGEST {
            return Err(Malformed);
        }
        let (query, rest) = any(text, DEEPEST)?;
        if rest.trim().is_empty() { Ok(query) } else { Err(Malformed) }
    }

    pub(super) fn matches(&self, value: &Value) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.matches(value)),
            Self::All(parts) => parts.iter().all(|part| part.matches(value)),
            Self::Member(path, operator, wanted) => {
                let found = values(value, path);
                match operator {
                    Operator::Not => !found.iter().any(|one| one.eq_ignore_ascii_case(wanted)),
                    other => found.iter().any(|one| holds(*other, one, wanted)),
                }
            }
        }
    }
}

fn holds(operator: Operator, found: &str, wanted: &str) -> bool {
    let order = || match (found.parse::<f64>(), wanted.parse::<f64>()) {
        (Ok(found), Ok(wanted)) => found.partial_cmp(&wanted).unwrap_or(Ordering::Equal),
        _ => found.to_lowercase().cmp(&wanted.to_lowercase()),
    };
    match operator {
        Operator::Is => found.eq_ignore_ascii_case(wanted),
        Operator::Not => !found.eq_ignore_ascii_case(wanted),
        Operator::Contains => found.to_lowercase().contains(&wanted.to_lowercase()),
        Operator::After => order() == Ordering::Greater,
        Operator::Before => order() == Ordering::Less,
        Operator::NotBefore => order() != Ordering::Less,
        Operator::NotAfter => order() != Ordering::Greater,
    }
}

/// The texts at a path; every entry of a list counts.
pub(super) fn values(value: &Value, path: &[String]) -> Vec<String> {
    let Some((name, rest)) = path.split_first() else {
        return match value {
            Value::String(text) => vec![text.clone()],
            Value::Number(_) | Value::Bool(_) => vec![value.to_string()],
            Value::Array(entries) => entries.iter().flat_map(|entry| values(entry, path)).collect(),
            Value::Null | Value::Object(_) => Vec::new(),
        };
    };
    match value {
        Value::Array(entries) => entries.iter().flat_map(|entry| values(entry, path)).collect(),
        Value::Object(members) => {
            let member = members.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
            member.map(|(_, member)| values(member, rest)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

type Parsed<'t> = Result<(Query, &'t str), Malformed>;

fn any(text: &str, depth: usize) -> Parsed<'_> {
    let (parts, rest) = list(text, "||", |text| {
        list(text, "&&", |text| one(text, depth)).map(|(parts, rest)| (Query::All(parts), rest))
    })?;
    Ok((Query::Any(parts), rest))
}

fn list<'t>(
    text: &'t str,
    between: &str,
    part: impl Fn(&'t str) -> Parsed<'t>,
) -> Result<(Vec<Query>, &'t str), Malformed> {
    let (first, mut rest) = part(text)?;
    let mut parts = vec![first];
    while let Some(next) = rest.trim_start().strip_prefix(between) {
        let (part, left) = part(next)?;
        parts.push(part);
        rest = left;
    }
    Ok((parts, rest))
}

fn one(text: &str, depth: usize) -> Parsed<'_> {
    let text = text.trim_start();
    if let Some(inside) = text.strip_prefix('{') {
        let (query, rest) = any(inside, depth.checked_sub(1).ok_or(Malformed)?)?;
        return rest.trim_start().strip_prefix('}').map(|rest| (query, rest)).ok_or(Malformed);
    }
    let end = ["&&", "||", "}"].iter().filter_map(|stop| text.find(stop)).min().unwrap_or(text.len());
    let (comparison, rest) = text.split_at_checked(end).ok_or(Malformed)?;
    let at = comparison.find(['!', '>', '<', '=', '~']).ok_or(Malformed)?;
    let (member, tail) = comparison.split_at_checked(at).ok_or(Malformed)?;
    let (sign, operator) = OPERATORS.iter().find(|(sign, _)| tail.starts_with(sign)).ok_or(Malformed)?;
    let wanted = tail.strip_prefix(sign).unwrap_or_default().trim();
    let path: Vec<String> = member.trim().split('.').map(str::to_owned).collect();
    if wanted.is_empty() || path.iter().any(String::is_empty) {
        return Err(Malformed);
    }
    Ok((Query::Member(path, *operator, wanted.to_owned()), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn matches(query: &str) -> bool {
        let value = json!({
            "name": "Alder & Co",
            "size": 12,
            "enabled": true,
            "dataConnections": [{ "status": "Linked" }, { "status": "PendingAuth" }],
        });
        Query::parse(query).unwrap().matches(&value)
    }

    #[test]
    fn each_operator_says_what_it_says() {
        for good in [
            "name=alder & co",
            "name~ALDER",
            "name!=Birch",
            "size>9",
            "size>=12",
            "size<100",
            "size<=12",
            "enabled=true",
            "dataConnections.status=PendingAuth",
            "dataConnections.status!=Unlinked",
            "name=x||size=12",
            "{name=x||size=12}&&enabled=true",
        ] {
            assert!(matches(good), "{good}");
        }
        for bad in [
            "name=Alder",
            "size>12",
            "size<9",
            "dataConnections.status=Unlinked",
            "dataConnections.status!=Linked",
            "name=x && size=12",
            "name=x||size=12&&enabled=false",
            "missing=1",
        ] {
            assert!(!matches(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_no_query_is_refused() {
        let deep = "{".repeat(50);
        for bad in ["", "name", "=x", "name=", "name=x&&", "{name=x", "name=x}", "a..b=1", deep.as_str()] {
            assert_eq!(Query::parse(bad).unwrap_err(), Malformed, "{bad}");
        }
        assert_eq!(Query::parse(&format!("a={}", "x".repeat(3000))).unwrap_err(), Malformed);
    }
}
