//! How many steps a backtracking engine can take at most on a pattern.
//!
//! Every letter is taken to match everywhere it might, so what is counted is an upper bound for all values of one
//! length: the number of ways to match a part of the pattern with a number of letters, and the steps of trying them
//! all. Nested repetitions, alternatives that overlap and runs of repetitions get the large numbers they deserve.

/// Longest value that is reckoned with; a longer one is never tried against a pattern that can vary in length.
const LONGEST: usize = 256;
/// Longest pattern.
const LONGEST_PATTERN: usize = 1_000;
/// Deepest nesting of groups.
const DEEPEST: usize = 30;
/// So many steps that nobody asks for the exact number.
const ENOUGH: u64 = 1 << 32;
/// Most repetitions that are reckoned one by one.
const MOST_TIMES: usize = 1_000;

/// A pattern, reduced to what counts for its cost.
pub(super) struct Cost(Node);

enum Node {
    /// One letter.
    Letter,
    /// Nothing, at the beginning only: `^`.
    Start,
    /// Nothing, as `$` and `\b`.
    Nothing,
    /// As much as a group has matched before.
    Reference,
    /// One after the other.
    Sequence(Vec<Node>),
    /// One or the other.
    Either(Vec<Node>),
    /// Tried ahead or behind, taking nothing.
    Look(Box<Node>),
    /// Again and again.
    Repeat { node: Box<Node>, least: usize, most: Option<usize> },
}

/// Ways to match, by number of letters; and steps to try them all.
struct Ways {
    by_length: Vec<u64>,
    steps: u64,
}

/// None when the pattern is too long, too deep, or ends in the middle of something.
pub(super) fn cost(pattern: &str) -> Option<Cost> {
    let letters: Vec<char> = pattern.chars().take(LONGEST_PATTERN + 1).collect();
    if letters.len() > LONGEST_PATTERN {
        return None;
    }
    let mut reader = Reader { letters, at: 0 };
    let node = reader.either(0)?;
    reader.peek().is_none().then_some(Cost(node))
}

impl Cost {
    /// Most steps on a value of `length` letters.
    pub(super) fn steps(&self, length: usize) -> u64 {
        if length > LONGEST {
            return u64::MAX;
        }
        let steps = ways(&self.0, length).steps;
        let starts = length as u64 + 1;
        if self.0.is_anchored() {
            // Everywhere but at the beginning the first step of each alternative fails.
            steps.saturating_add(starts.saturating_mul(LONGEST_PATTERN as u64))
        } else {
            // A search begins anew at every letter.
            steps.saturating_mul(starts)
        }
    }
}

impl Node {
    /// Whether it can match at the beginning only.
    fn is_anchored(&self) -> bool {
        match self {
            Self::Start => true,
            Self::Sequence(nodes) => nodes.first().is_some_and(Self::is_anchored),
            Self::Either(nodes) => nodes.iter().all(Self::is_anchored),
            _ => false,
        }
    }
}

fn ways(node: &Node, length: usize) -> Ways {
    match node {
        Node::Letter => Ways { by_length: only(1, length), steps: 1 },
        Node::Start | Node::Nothing => Ways { by_length: only(0, length), steps: 1 },
        Node::Reference => Ways { by_length: vec![1; length + 1], steps: length as u64 + 1 },
        Node::Look(inside) => Ways { by_length: only(0, length), steps: ways(inside, length).steps },
        Node::Sequence(nodes) => nodes.iter().fold(Ways::nothing(length), |before, node| {
            if before.steps > ENOUGH { before } else { before.then(&ways(node, length)) }
        }),
        Node::Either(nodes) => {
            let mut sum = Ways { by_length: vec![0; length + 1], steps: 1 };
            for node in nodes {
                sum.add(&ways(node, length));
            }
            sum
        }
        Node::Repeat { node, least, most } => repeat(&ways(node, length), *least, *most, length),
    }
}

fn repeat(once: &Ways, least: usize, most: Option<usize>, length: usize) -> Ways {
    // Beyond the least and as many times as there are letters only empty matches could follow, which engines cut off.
    let most = most.unwrap_or(usize::MAX).min(least.saturating_add(length + 1));
    let mut so_far = Ways::nothing(length);
    let mut sum = Ways { by_length: vec![0; length + 1], steps: 1 };
    for time in 0..=most {
        if time >= least {
            sum.add(&so_far);
        }
        if so_far.by_length.iter().all(|ways| *ways == 0) {
            break;
        }
        if so_far.steps > ENOUGH || time > MOST_TIMES {
            sum.steps = u64::MAX;
            return sum;
        }
        so_far = so_far.then(once);
    }
    sum.steps = sum.steps.saturating_add(so_far.steps);
    sum
}

impl Ways {
    fn nothing(length: usize) -> Self {
        Self { by_length: only(0, length), steps: 1 }
    }

    /// All ways of this, each followed by all ways of `next`.
    fn then(&self, next: &Self) -> Self {
        let length = self.by_length.len();
        let mut by_length = vec![0_u64; length];
        for (first, ways) in self.by_length.iter().enumerate().filter(|(_, ways)| **ways > 0) {
            let rest = by_length.iter_mut().skip(first);
            for (sum, more) in rest.zip(&next.by_length) {
                *sum = sum.saturating_add(ways.saturating_mul(*more));
            }
        }
        let all = self.by_length.iter().fold(0_u64, |sum, ways| sum.saturating_add(*ways));
        Self { by_length, steps: self.steps.saturating_add(all.saturating_mul(next.steps)) }
    }

    fn add(&mut self, other: &Self) {
        for (sum, more) in self.by_length.iter_mut().zip(&other.by_length) {
            *sum = sum.saturating_add(*more);
        }
        self.steps = self.steps.saturating_add(other.steps);
    }
}

/// One way, with `letters` letters.
fn only(letters: usize, length: usize) -> Vec<u64> {
    (0..=length).map(|at| u64::from(at == letters)).collect()
}

/// Reads a pattern that the engine will read again; in doubt it takes a part for more than it is.
struct Reader {
    letters: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(letter)
    }

    fn take(&mut self, expected: &str) -> bool {
        let fits = expected
            .chars()
            .enumerate()
            .all(|(ahead, letter)| self.letters.get(self.at + ahead) == Some(&letter));
        if fits {
            self.at += expected.len();
        }
        fits
    }

    fn either(&mut self, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        let mut sequences = vec![self.sequence(depth)?];
        while self.take("|") {
            sequences.push(self.sequence(depth)?);
        }
        if sequences.len() == 1 { sequences.pop() } else { Some(Node::Either(sequences)) }
    }

    fn sequence(&mut self, depth: usize) -> Option<Node> {
        let mut nodes = Vec::new();
        while self.peek().is_some_and(|letter| !matches!(letter, '|' | ')')) {
            let node = self.one(depth)?;
            nodes.push(self.repeated(node));
        }
        Some(Node::Sequence(nodes))
    }

    fn one(&mut self, depth: usize) -> Option<Node> {
        match self.next()? {
            '^' => Some(Node::Start),
            '$' => Some(Node::Nothing),
            '(' => self.group(depth),
            '[' => self.class(),
            '\\' => self.escape(),
            _ => Some(Node::Letter),
        }
    }

    /// What a backslash makes of the letters after it. To take one letter for several would make what follows seem out
    /// of reach of short values, and cheap: so forms whose length is not certain are not understood.
    fn escape(&mut self) -> Option<Node> {
        match self.next()? {
            'b' | 'B' => Some(Node::Nothing),
            // An octal number where there is no such group, which costs less than what is reckoned.
            '1'..='9' => {
                while self.peek().is_some_and(|letter| letter.is_ascii_digit()) {
                    self.at += 1;
                }
                Some(Node::Reference)
            }
            '0' => self.peek().is_none_or(|letter| !letter.is_ascii_digit()).then_some(Node::Letter),
            'k' => {
                self.name();
                Some(Node::Reference)
            }
            'x' => self.hexadecimal(2).map(|_| Node::Letter),
            // Half of a pair is no letter of its own.
            'u' => self.hexadecimal(4).filter(|code| !(0xd800..0xe000).contains(code)).map(|_| Node::Letter),
            'c' | 'p' | 'P' | 'q' => None,
            _ => Some(Node::Letter),
        }
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        (0..digits).try_fold(0, |code, _| Some(code * 16 + self.next()?.to_digit(16)?))
    }

    fn group(&mut self, depth: usize) -> Option<Node> {
        let looks = ["?=", "?!", "?<=", "?<!"].into_iter().any(|sign| self.take(sign));
        if !looks && self.take("?") {
            if self.peek() == Some('<') {
                self.name();
            } else {
                // `?:`, or flags such as `?i:`.
                while self.next()? != ':' {}
            }
        }
        let inside = self.either(depth + 1)?;
        if !self.take(")") {
            return None;
        }
        Some(if looks { Node::Look(Box::new(inside)) } else { inside })
    }

    /// `<name>`, if there is one.
    fn name(&mut self) {
        let end = self.letters.iter().skip(self.at).position(|letter| *letter == '>');
        if let (Some('<'), Some(end)) = (self.peek(), end) {
            self.at += end + 1;
        }
    }

    fn class(&mut self) -> Option<Node> {
        loop {
            match self.next()? {
                ']' => return Some(Node::Letter),
                '\\' => {
                    self.next()?;
                }
                _ => {}
            }
        }
    }

    fn repeated(&mut self, node: Node) -> Node {
        let Some((least, most)) = self.times() else { return node };
        // A lazy repetition tries the same ways in another order.
        self.take("?");
        Node::Repeat { node: Box::new(node), least, most }
    }

    /// How often what stands before is repeated, if a sign for it follows.
    fn times(&mut self) -> Option<(usize, Option<usize>)> {
        let (length, times) = match self.peek()? {
            '*' => (1, (0, None)),
            '+' => (1, (1, None)),
            '?' => (1, (0, Some(1))),
            '{' => {
                let rest = self.letters.get(self.at + 1..)?;
                let end = rest.iter().position(|letter| *letter == '}')?;
                let inside: String = rest.iter().take(end).collect();
                (end + 2, braces(&inside)?)
            }
            _ => return None,
        };
        self.at += length;
        Some(times)
    }
}

/// `3`, `3,` or `3,5`; anything else is letters. Numbers too large to be read are unbounded.
fn braces(inside: &str) -> Option<(usize, Option<usize>)> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| text.parse::<usize>().unwrap_or(usize::MAX);
    match inside.split_once(',') {
        None if digits(inside) => Some((number(inside), Some(number(inside)))),
        Some((least, "")) if digits(least) => Some((number(least), None)),
        Some((least, most)) if digits(least) && digits(most) => Some((number(least), Some(number(most)))),
        _ => None,
    }
}
