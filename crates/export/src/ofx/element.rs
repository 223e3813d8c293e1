//! Elements of OFX in either dialect. SGML leaves the end of a leaf away, as its oldest readers want it.

/// How elements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// OFX 2.2.
    Xml,
    /// OFX 1.0.2.
    Sgml,
}

const XML_HEADER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n\
    <?OFX OFXHEADER=\"200\" VERSION=\"220\" SECURITY=\"NONE\" OLDFILEUID=\"NONE\" NEWFILEUID=\"NONE\"?>\n";
const SGML_HEADER: &str = "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:UNICODE\r\n\
    CHARSET:NONE\r\nCOMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n";

/// A file that is being written.
pub(crate) struct Out {
    dialect: Dialect,
    text: String,
}

impl Out {
    pub(crate) fn new(dialect: Dialect) -> Self {
        let header = if dialect == Dialect::Xml { XML_HEADER } else { SGML_HEADER };
        Self { dialect, text: header.to_owned() }
    }

    /// An element with others in it.
    pub(crate) fn within(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.put(&["<", name, ">\n"]);
        inside(self);
        self.put(&["</", name, ">\n"]);
    }

    /// An element with a value.
    pub(crate) fn leaf(&mut self, name: &str, value: &str) {
        self.put(&["<", name, ">"]);
        self.escape(value);
        match self.dialect {
            Dialect::Xml => self.put(&["</", name, ">\n"]),
            Dialect::Sgml => self.put(&["\n"]),
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    fn put(&mut self, parts: &[&str]) {
        self.text.extend(parts.iter().copied());
    }

    /// Control characters have no place in either dialect, and a line end would end a value in SGML.
    fn escape(&mut self, value: &str) {
        for one in value.chars() {
            match one {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                one if one.is_control() || matches!(one, '\u{fffe}' | '\u{ffff}') => self.text.push(' '),
                one => self.text.push(one),
            }
        }
    }
}
