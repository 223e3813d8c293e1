//! Text that is safe inside a page.
//!
//! Invariant: an [`Html`] is made from fixed text or through [`escape`]; a value from outside never becomes one as it is.

use std::fmt;

/// A piece of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// Markup written in this crate, values already escaped.
    pub(crate) const fn markup(markup: String) -> Self {
        Self(markup)
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromIterator<Html> for Html {
    fn from_iter<T: IntoIterator<Item = Html>>(pieces: T) -> Self {
        Self(pieces.into_iter().map(Html::into_string).collect())
    }
}

/// A value for element content or a quoted attribute.
pub(crate) fn escape(value: &str) -> Html {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    Html(escaped)
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_escapes_from_content_or_attribute() {
        assert_eq!(
            escape("<a b='c' d=\"e\">&amp;").to_string(),
            "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;amp;"
        );
    }
}
