//! Formatted words of the person's own, as a tree without anything that could run.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum TextBlock {
    /// A paragraph; a heading is one in strong words.
    Paragraph {
        /// Its words.
        content: Vec<TextInline>,
    },
    /// A list.
    List {
        /// The first number of an ordered list.
        #[ts(type = "number | null")]
        start: Option<u64>,
        /// Its entries.
        items: Vec<Vec<TextBlock>>,
    },
}

/// A part of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum TextInline {
    /// Plain words.
    Text {
        /// The words.
        text: String,
    },
    /// Emphasized words.
    Emphasis {
        /// The words.
        content: Vec<TextInline>,
    },
    /// Strong words.
    Strong {
        /// The words.
        content: Vec<TextInline>,
    },
    /// A new line.
    Break,
    /// A link.
    Link {
        /// Where it goes; https.
        address: String,
        /// The host, in ASCII, to be shown next to the words.
        host: String,
        /// The words.
        content: Vec<TextInline>,
    },
}

/// The safe document in Markdown of somebody else; beyond 8 KiB it is cut.
pub fn formatted(markdown: &str) -> Vec<TextBlock> {
    codat::sanitize(markdown).into_iter().map(TextBlock::from).collect()
}

impl From<codat::Block> for TextBlock {
    fn from(block: codat::Block) -> Self {
        match block {
            codat::Block::Paragraph { content } => Self::Paragraph { content: inlines(content) },
            codat::Block::List { start, items } => Self::List {
                start,
                items: items.into_iter().map(|item| item.into_iter().map(Self::from).collect()).collect(),
            },
        }
    }
}

fn inlines(content: Vec<codat::Inline>) -> Vec<TextInline> {
    content.into_iter().map(TextInline::from).collect()
}

impl From<codat::Inline> for TextInline {
    fn from(inline: codat::Inline) -> Self {
        match inline {
            codat::Inline::Text { text } => Self::Text { text },
            codat::Inline::Emphasis { content } => Self::Emphasis { content: inlines(content) },
            codat::Inline::Strong { content } => Self::Strong { content: inlines(content) },
            codat::Inline::Break => Self::Break,
            codat::Inline::Link { address, host, content } => {
                Self::Link { address, host, content: inlines(content) }
            }
        }
    }
}
