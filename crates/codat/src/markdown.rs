//! Markdown of somebody else as a small document of text nodes: paragraphs, lists, emphasis, links.
//!
//! Invariants
//! - Nothing in a [`Block`] is markup: whoever shows it makes text nodes, never HTML.
//! - HTML, images and code beyond its text are dropped. A link is https, has a host and no name before it, and carries
//!   the host to be shown, so that its words cannot pretend another.
//! - Size and depth are bounded before anything is built.

use crate::text::is_unprintable;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::Serialize;
use url::Url;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Block {
    /// A paragraph; a heading is one in strong words.
    Paragraph {
        /// Its words.
        content: Vec<Inline>,
    },
    /// A list.
    List {
        /// The first number of an ordered list.
        start: Option<u64>,
        /// Its entries.
        items: Vec<Vec<Block>>,
    },
}

/// A part of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Inline {
    /// Plain words.
    Text {
        /// The words.
        text: String,
    },
    /// Emphasized words.
    Emphasis {
        /// The words.
        content: Vec<Inline>,
    },
    /// Strong words.
    Strong {
        /// The words.
        content: Vec<Inline>,
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
        content: Vec<Inline>,
    },
}

/// Longest text that is read, in bytes; the rest is left out.
const LONGEST: usize = 8 * 1024;
/// How deep lists and emphasis are nested; what is deeper is shown without its own frame.
const DEEPEST: usize = 8;

/// The safe document in `markdown`.
pub fn sanitize(markdown: &str) -> Vec<Block> {
    let end = (0..=LONGEST.min(markdown.len())).rev().find(|at| markdown.is_char_boundary(*at));
    let text = markdown.get(..end.unwrap_or(0)).unwrap_or_default();
    let mut document = Document::default();
    for event in Parser::new_ext(text, Options::empty()) {
        document.take(event);
    }
    document.finish()
}

/// What a frame becomes when it ends.
enum Kind {
    /// Its parts belong to the frame around it.
    Transparent,
    /// Nothing in it is kept.
    Dropped,
    Paragraph,
    Heading,
    List(Option<u64>),
    Item,
    Emphasis,
    Strong,
    Link {
        address: String,
        host: String,
    },
}

/// Something that has begun and not ended.
struct Frame {
    kind: Kind,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Vec<Block>>,
}

impl Frame {
    const fn new(kind: Kind) -> Self {
        Self { kind, blocks: Vec::new(), inlines: Vec::new(), items: Vec::new() }
    }

    /// Words outside a paragraph, as in short lists, become one.
    fn close_paragraph(&mut self) {
        let content = std::mem::take(&mut self.inlines);
        if !content.is_empty() {
            self.blocks.push(Block::Paragraph { content });
        }
    }

    fn push_text(&mut self, text: &str) {
        let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
        let kept: String = spaced.filter(|c| !is_unprintable(*c)).collect();
        match self.inlines.last_mut() {
            _ if kept.is_empty() => {}
            Some(Inline::Text { text }) => text.push_str(&kept),
            _ => self.inlines.push(Inline::Text { text: kept }),
        }
    }
}

struct Document {
    /// The frames that are open; the first is the document itself.
    open: Vec<Frame>,
    dropping: usize,
}

impl Default for Document {
    fn default() -> Self {
        Self { open: vec![Frame::new(Kind::Transparent)], dropping: 0 }
    }
}

impl Document {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.begin(tag),
            Event::End(tag) => self.end(tag),
            _ if self.dropping > 0 => {}
            Event::Text(text) | Event::Code(text) => self.push_text(&text),
            Event::SoftBreak => self.push_text(" "),
            Event::HardBreak => self.push(Inline::Break),
            // HTML is dropped; the other events belong to extensions that are off.
            _ => {}
        }
    }

    fn begin(&mut self, tag: Tag<'_>) {
        let deep =
            self.open.iter().filter(|frame| !matches!(frame.kind, Kind::Transparent)).count() >= DEEPEST;
        let kind = match tag {
            Tag::HtmlBlock | Tag::Image { .. } | Tag::MetadataBlock(_) => Kind::Dropped,
            Tag::Paragraph | Tag::CodeBlock(_) => Kind::Paragraph,
            Tag::Heading { .. } => Kind::Heading,
            _ if deep => Kind::Transparent,
            Tag::List(start) => Kind::List(start),
            Tag::Item => Kind::Item,
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Link { dest_url, .. } => link(&dest_url).unwrap_or(Kind::Transparent),
            _ => Kind::Transparent,
        };
        self.dropping += usize::from(matches!(kind, Kind::Dropped));
        self.open.push(Frame::new(kind));
    }

    fn end(&mut self, tag: TagEnd) {
        // The document itself never ends by an event.
        if self.open.len() < 2 {
            return;
        }
        let Some(mut frame) = self.open.pop() else { return };
        let Some(around) = self.open.last_mut() else { return };
        match std::mem::replace(&mut frame.kind, Kind::Transparent) {
            Kind::Dropped => self.dropping -= 1,
            Kind::Transparent => {
                if tag == TagEnd::Item {
                    // Else entries of a list that is too deep would run into each other.
                    frame.close_paragraph();
                }
                if !frame.blocks.is_empty() {
                    around.close_paragraph();
                }
                around.blocks.append(&mut frame.blocks);
                around.items.append(&mut frame.items);
                around.inlines.append(&mut frame.inlines);
            }
            Kind::Paragraph => {
                around.close_paragraph();
                frame.close_paragraph();
                around.blocks.append(&mut frame.blocks);
            }
            Kind::Heading => {
                around.close_paragraph();
                if !frame.inlines.is_empty() {
                    let content = vec![Inline::Strong { content: frame.inlines }];
                    around.blocks.push(Block::Paragraph { content });
                }
            }
            Kind::List(start) => {
                around.close_paragraph();
                // Entries that were too deep to have frames of their own.
                if !frame.blocks.is_empty() {
                    frame.items.push(frame.blocks);
                }
                around.blocks.push(Block::List { start, items: frame.items });
            }
            Kind::Item => {
                frame.close_paragraph();
                around.items.push(frame.blocks);
            }
            Kind::Emphasis => around.inlines.push(Inline::Emphasis { content: frame.inlines }),
            Kind::Strong => around.inlines.push(Inline::Strong { content: frame.inlines }),
            Kind::Link { address, host } => {
                if frame.inlines.is_empty() {
                    frame.push_text(&host);
                }
                around.inlines.push(Inline::Link { address, host, content: frame.inlines });
            }
        }
    }

    fn push(&mut self, inline: Inline) {
        if let Some(frame) = self.open.last_mut() {
            frame.inlines.push(inline);
        }
    }

    fn push_text(&mut self, text: &str) {
        if let Some(frame) = self.open.last_mut() {
            frame.push_text(text);
        }
    }

    fn finish(mut self) -> Vec<Block> {
        while self.open.len() > 1 {
            self.end(TagEnd::Paragraph);
        }
        let Some(mut document) = self.open.pop() else { return Vec::new() };
        document.close_paragraph();
        document.blocks
    }
}

/// A link that may be kept.
fn link(address: &str) -> Option<Kind> {
    let url = Url::parse(address).ok()?;
    let plain = url.username().is_empty() && url.password().is_none();
    let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
    (url.scheme() == "https" && plain).then(|| Kind::Link { address: url.into(), host })
}
