//! Separates Rust source into code and comments, so that a rule about one is not fooled by the other.
//!
//! Both halves keep every line break and the length of the source in characters: line numbers stay true. What stands
//! inside string and character literals appears in neither. This is not a parser: it knows literals and comments.

/// A Rust source taken apart.
pub(super) struct Mask {
    /// Code with comments and the contents of literals blanked.
    pub code: String,
    /// Comments with everything else blanked.
    pub comments: String,
}

impl Mask {
    /// Takes `source` apart.
    pub(super) fn new(source: &str) -> Self {
        let mut scan = Scan {
            source: source.chars().collect(),
            at: 0,
            code: String::with_capacity(source.len()),
            comments: String::with_capacity(source.len()),
        };
        scan.whole();
        Self { code: scan.code, comments: scan.comments }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

struct Scan {
    source: Vec<char>,
    at: usize,
    code: String,
    comments: String,
}

impl Scan {
    fn peek(&self, ahead: usize) -> char {
        self.source.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn take(&mut self, count: usize, kind: Kind) {
        for _ in 0..count {
            let Some(&letter) = self.source.get(self.at) else { return };
            let shown = |wanted: Kind| if letter == '\n' || kind == wanted { letter } else { ' ' };
            self.code.push(shown(Kind::Code));
            self.comments.push(shown(Kind::Comment));
            self.at += 1;
        }
    }

    fn whole(&mut self) {
        let mut in_word = false;
        while self.at < self.source.len() {
            let letter = self.peek(0);
            match (letter, self.peek(1)) {
                ('/', '/') => self.line_comment(),
                ('/', '*') => self.block_comment(),
                ('"', _) => self.string(),
                ('\'', _) => self.character_or_lifetime(),
                ('r', '"' | '#') if !in_word => self.raw_string(1),
                ('b' | 'c', 'r') if !in_word && matches!(self.peek(2), '"' | '#') => self.raw_string(2),
                _ => self.take(1, Kind::Code),
            }
            in_word = letter.is_alphanumeric() || letter == '_';
        }
    }

    fn line_comment(&mut self) {
        while self.at < self.source.len() && self.peek(0) != '\n' {
            self.take(1, Kind::Comment);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.source.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => {
                    depth += 1;
                    self.take(2, Kind::Comment);
                }
                ('*', '/') => {
                    depth -= 1;
                    self.take(2, Kind::Comment);
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.take(1, Kind::Comment),
            }
        }
    }

    fn string(&mut self) {
        self.take(1, Kind::Code);
        while self.at < self.source.len() && self.peek(0) != '"' {
            let length = if self.peek(0) == '\\' { 2 } else { 1 };
            self.take(length, Kind::Literal);
        }
        self.take(1, Kind::Code);
    }

    fn raw_string(&mut self, prefix: usize) {
        let mut hashes = 0;
        while self.peek(prefix + hashes) == '#' {
            hashes += 1;
        }
        if self.peek(prefix + hashes) != '"' {
            // A raw identifier such as `r#type`.
            self.take(prefix + hashes, Kind::Code);
            return;
        }
        self.take(prefix + hashes + 1, Kind::Code);
        while self.at < self.source.len() {
            let closes = self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#');
            if closes {
                self.take(1 + hashes, Kind::Code);
                return;
            }
            self.take(1, Kind::Literal);
        }
    }

    fn character_or_lifetime(&mut self) {
        if self.peek(1) == '\\' {
            self.take(3, Kind::Literal);
            while self.at < self.source.len() && self.peek(0) != '\'' {
                self.take(1, Kind::Literal);
            }
            self.take(1, Kind::Literal);
        } else if self.peek(2) == '\'' {
            self.take(3, Kind::Literal);
        } else {
            self.take(1, Kind::Code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mask;

    fn code(source: &str) -> String {
        Mask::new(source).code.trim_end().to_owned()
    }

    #[test]
    fn comments_leave_the_code() {
        assert_eq!(code("a(); // b()"), "a();");
        assert_eq!(code("a/* x /* y */ z */b"), format!("a{}b", " ".repeat(17)));
        assert_eq!(Mask::new("a(); // b()").comments.trim(), "// b()");
    }

    #[test]
    fn literals_leave_both() {
        assert_eq!(code(r#"a("// b \" c{", '{', '\'', b'{')"#), "a(\"          \",    ,     , b   )");
        assert_eq!(code("r#\"a \" {\"#;"), "r#\"     \"#;");
        assert_eq!(Mask::new("f(\"// no\")").comments.trim(), "");
    }

    #[test]
    fn lifetimes_and_raw_identifiers_stay_code() {
        assert_eq!(code("fn f<'a>(x: &'a str) {}"), "fn f<'a>(x: &'a str) {}");
        assert_eq!(code("let r#type = br\"{\";"), "let r#type = br\" \";");
    }

    #[test]
    fn lines_keep_their_numbers() {
        let source = "a\n/* b\n */ c\n\"d\ne\"\n";
        let mask = Mask::new(source);
        assert_eq!(mask.code.lines().count(), source.lines().count());
        assert_eq!(mask.comments.lines().count(), source.lines().count());
    }
}
