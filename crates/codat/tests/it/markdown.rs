//! Markdown, friendly and hostile.

use codat::{Block, Inline, sanitize};

/// A document in a shape that is easy to compare: `*` emphasis, `**` strong, `[host|words]` links, `-` and `1.` lists.
fn shape(blocks: &[Block]) -> String {
    let parts: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph { content } => format!("({})", words(content)),
            Block::List { start, items } => {
                let mark = start.map_or("-".to_owned(), |first| format!("{first}."));
                let items: Vec<String> = items.iter().map(|item| shape(item)).collect();
                format!("{mark}[{}]", items.join(","))
            }
        })
        .collect();
    parts.join("")
}

fn words(inlines: &[Inline]) -> String {
    let parts = inlines.iter().map(|inline| match inline {
        Inline::Text { text } => text.clone(),
        Inline::Emphasis { content } => format!("*{}*", words(content)),
        Inline::Strong { content } => format!("**{}**", words(content)),
        Inline::Break => "/".to_owned(),
        Inline::Link { host, content, .. } => format!("[{host}|{}]", words(content)),
    });
    parts.collect()
}

#[test]
fn ordinary_markdown_becomes_a_document() {
    for (markdown, expected) in [
        ("Invoices", "(Invoices)"),
        ("One\ntwo\n\nthree", "(One two)(three)"),
        ("a  \nb", "(a/b)"),
        ("*a* and **b *c***", "(*a* and **b *c***)"),
        ("# Title\ntext", "(**Title**)(text)"),
        ("- a\n- b\n  - c", "-[(a),(b)-[(c)]]"),
        ("3. a\n\n4. b", "3.[(a),(b)]"),
        ("> quoted", "(quoted)"),
        ("`code`", "(code)"),
        ("```\nlet a;\n```", "(let a; )"),
        ("[terms](https://a.example/x?y=1)", "([a.example|terms])"),
        ("<https://a.example>", "([a.example|https://a.example])"),
        ("[](https://a.example)", "([a.example|a.example])"),
        ("[t][1]\n\n[1]: https://a.example", "([a.example|t])"),
        ("a\n\n---\n\nb", "(a)(b)"),
        ("Sales &amp; orders", "(Sales & orders)"),
        ("", ""),
        ("   ", ""),
    ] {
        assert_eq!(shape(&sanitize(markdown)), expected, "{markdown:?}");
    }
}

#[test]
fn hostile_markdown_becomes_harmless_text() {
    for (markdown, expected) in [
        ("<script>alert(1)</script>", ""),
        ("a <script>alert(1)</script> b", "(a alert(1) b)"),
        ("<img src=x onerror=alert(1)>", ""),
        ("a <img src=x onerror=alert(1)> b", "(a  b)"),
        ("<iframe src=\"https://evil.example\"></iframe>\n\nafter", "(after)"),
        ("<!-- <b> -->x", ""),
        ("&lt;script&gt;", "(<script>)"),
        ("![alt](https://evil.example/pixel.png)", ""),
        ("a ![**alt** [x](https://e.example)](https://evil.example/p.png) b", "(a  b)"),
        ("[a](javascript:alert(1))", "(a)"),
        ("[a](JaVaScRiPt:alert(1))", "(a)"),
        ("[a](&#106;avascript:alert(1))", "(a)"),
        ("[a](data:text/html,x)", "(a)"),
        ("[a](vbscript:x)", "(a)"),
        ("[a](http://a.example)", "(a)"),
        ("[a](//a.example)", "(a)"),
        ("[a](/relative)", "(a)"),
        ("[a](mooring://oauth/callback)", "(a)"),
        ("[a](file:///etc/passwd)", "(a)"),
        ("[a](https://bank.example@evil.example)", "(a)"),
        ("[a](https://u:p@evil.example)", "(a)"),
        ("[https://bank.example](https://evil.example)", "([evil.example|https://bank.example])"),
        ("[a](https://bаnk.example)", "([xn--bnk-6cd.example|a])"),
        ("<javascript:alert(1)>", "(javascript:alert(1))"),
        ("a\u{202e}b\u{200b}c\u{0}d\u{1b}[31m", "(abcd[31m)"),
    ] {
        assert_eq!(shape(&sanitize(markdown)), expected, "{markdown:?}");
    }
}

#[test]
fn size_and_depth_are_bounded() {
    let long = sanitize(&"é ".repeat(100_000));
    assert!(shape(&long).len() <= 8 * 1024 + 2);
    for deep in
        ["- ".repeat(4_000), "> ".repeat(4_000), "*a ".repeat(2_000), "[".repeat(8_000), "**".repeat(4_000)]
    {
        let document = sanitize(&format!("{deep}x"));
        assert!(depth(&document) <= 10, "{}", depth(&document));
    }
    let lists: String = (0..20).fold(String::new(), |text, n| text + &"  ".repeat(n) + &format!("- w{n}\n"));
    let shown = shape(&sanitize(&(lists + &"  ".repeat(19) + "- last")));
    for n in 0..20 {
        assert!(shown.contains(&format!("(w{n})")), "what is too deep for a frame is not lost: {shown}");
    }
    assert!(shown.contains("(w19)(last)"), "and does not run together: {shown}");
    let nested = format!("{}x{}", "*a **b ".repeat(500), "** *".repeat(500));
    assert!(depth(&sanitize(&nested)) <= 10);
}

fn depth(blocks: &[Block]) -> usize {
    let deepest = blocks.iter().map(|block| match block {
        Block::Paragraph { content } => inline_depth(content),
        Block::List { items, .. } => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
    });
    deepest.max().unwrap_or(0)
}

fn inline_depth(inlines: &[Inline]) -> usize {
    let deepest = inlines.iter().map(|inline| match inline {
        Inline::Text { .. } | Inline::Break => 0,
        Inline::Emphasis { content } | Inline::Strong { content } | Inline::Link { content, .. } => {
            1 + inline_depth(content)
        }
    });
    1 + deepest.max().unwrap_or(0)
}

#[test]
fn a_document_crosses_to_the_interface_as_tagged_nodes() {
    let json = serde_json::to_value(sanitize("- **a** [b](https://c.example)")).unwrap();
    assert_eq!(
        json,
        serde_json::json!([{
            "kind": "list", "start": null, "items": [[{ "kind": "paragraph", "content": [
                { "kind": "strong", "content": [{ "kind": "text", "text": "a" }] },
                { "kind": "text", "text": " " },
                { "kind": "link", "address": "https://c.example/", "host": "c.example",
                  "content": [{ "kind": "text", "text": "b" }] }
            ]}]]
        }])
    );
}
