//! Long lists in parts, none of which is longer than a line may be.
//!
//! Invariant: who follows the cursors sees everything that was there from the beginning to the end, each once; what
//! comes or goes meanwhile costs nothing else.

use connections::error::{CoreError, ErrorCode};
use serde::{Deserialize, Serialize};

/// Elements of a page, if nothing is said.
const USUAL: usize = 200;
/// Elements of a page at most.
const MOST: usize = 500;
/// Bytes of a page at most; the line around it has room in what is left to 256 KiB.
const LARGEST: usize = 224 * 1024;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageAsk {
    /// At most so many; 500 at most, 200 if nothing is said.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Where the last page ended, as it said.
    #[serde(default)]
    pub cursor: Option<String>,
}

impl PageAsk {
    /// How many elements the page has at most.
    pub(crate) fn limit(&self) -> usize {
        self.limit.map_or(USUAL, |limit| usize::try_from(limit).unwrap_or(MOST)).clamp(1, MOST)
    }
}

/// A part of a list, and where the next one begins, if there is one.
pub(crate) type Page<T> = (Vec<T>, Option<String>);

/// The part of `all` that is asked for. `name` tells elements apart.
pub(crate) fn page<T: Serialize>(
    all: Vec<T>,
    ask: &PageAsk,
    name: impl Fn(&T) -> String,
) -> Result<Page<T>, CoreError> {
    let from = ask.cursor.as_deref().map_or(Ok(0), |cursor| after(cursor, &all, &name))?;
    let limit = ask.limit();
    let mut rest = all.into_iter().enumerate().skip(from).peekable();
    let (mut taken, mut bytes, mut last) = (Vec::new(), 0, None);
    while let Some((index, element)) = rest.next_if(|(_, next)| {
        bytes += size(next);
        taken.len() < limit && (taken.is_empty() || bytes <= LARGEST)
    }) {
        last = Some((index, name(&element)));
        taken.push(element);
    }
    let next = last.filter(|_| rest.peek().is_some()).map(|(index, name)| format!("{index}:{name}"));
    Ok((taken, next))
}

/// As many of the first elements as a line takes, and whether there were more.
pub(crate) fn fitting<T: Serialize>(mut all: Vec<T>) -> (Vec<T>, bool) {
    let mut bytes = 0;
    let fits = all.iter().take_while(|one| {
        bytes += size(one);
        bytes <= LARGEST
    });
    let fits = fits.count().max(1);
    let cut = fits < all.len();
    all.truncate(fits);
    (all, cut)
}

/// The place after the element at which a page ended; where that is gone, the place where it was.
fn after<T>(cursor: &str, all: &[T], name: impl Fn(&T) -> String) -> Result<usize, CoreError> {
    let (index, last) = cursor.split_once(':').ok_or_else(bent)?;
    let index: usize = index.parse().map_err(|_| bent())?;
    let is_last = |one: &T| name(one) == last;
    if all.get(index).is_some_and(is_last) {
        return Ok(index + 1);
    }
    Ok(all.iter().position(is_last).map_or(index, |found| found + 1))
}

/// A cursor that no page had.
pub(crate) fn bent() -> CoreError {
    CoreError::new(ErrorCode::BadInput).with("field", "cursor").with("problem", "unknown")
}

fn size(element: &impl Serialize) -> usize {
    // What cannot be written is not sent either.
    serde_json::to_vec(element).map_or(0, |bytes| bytes.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, PageAsk, fitting, page};

    fn names(all: &[&str], ask: &PageAsk) -> (Vec<String>, Option<String>) {
        page(all.iter().map(|one| (*one).to_owned()).collect(), ask, Clone::clone).unwrap()
    }

    fn ask(limit: u32, cursor: Option<String>) -> PageAsk {
        PageAsk { limit: Some(limit), cursor }
    }

    #[test]
    fn pages_one_after_the_other_are_the_whole() {
        let all = ["a", "b", "c", "d", "e"];
        let mut told = Vec::new();
        let mut cursor = None;
        loop {
            let (page, next) = names(&all, &ask(2, cursor));
            told.extend(page);
            if next.is_none() {
                break;
            }
            cursor = next;
        }
        assert_eq!(told, all);
        assert_eq!(names(&all, &ask(5, None)).1, None, "a page that ends with the list has no next");
        assert_eq!(names(&[], &ask(5, None)), (Vec::new(), None));
        assert_eq!(names(&all, &ask(0, None)).0, ["a"], "nothing is no page");
    }

    #[test]
    fn what_comes_or_goes_meanwhile_hides_nothing_else() {
        let (first, next) = names(&["b", "c", "d"], &ask(2, None));
        assert_eq!(first, ["b", "c"]);
        assert_eq!(names(&["a", "b", "c", "d"], &ask(2, next.clone())).0, ["d"], "one came before");
        assert_eq!(names(&["b", "d"], &ask(2, next.clone())).0, ["d"], "the last of the page went");
        assert_eq!(names(&["b"], &ask(2, next)), (Vec::new(), None));
    }

    #[test]
    fn a_page_is_never_longer_than_a_line() {
        let long: Vec<String> = (0..400).map(|number| format!("{number}{}", "x".repeat(1_000))).collect();
        let (taken, next) = page(long.clone(), &ask(500, None), Clone::clone).unwrap();
        assert!(taken.len() < 400 && next.is_some());
        assert!(serde_json::to_vec(&taken).unwrap().len() <= LARGEST + 2);
        let (rest, end) =
            page(long.clone(), &PageAsk { limit: Some(500), cursor: next }, Clone::clone).unwrap();
        assert_eq!((taken.len() + rest.len(), end), (400, None));
        assert!(fitting(long).1);
        assert_eq!(fitting(vec!["a"]), (vec!["a"], false));
        assert_eq!(fitting(Vec::<String>::new()), (Vec::new(), false));
    }

    #[test]
    fn a_bent_cursor_is_refused() {
        for bent in ["", "x", "x:a", "-1:a", ":"] {
            let ask = ask(2, Some(bent.to_owned()));
            let refused = page(vec!["a".to_owned()], &ask, Clone::clone).unwrap_err();
            assert_eq!(refused.params["field"], "cursor", "{bent}");
        }
    }
}
