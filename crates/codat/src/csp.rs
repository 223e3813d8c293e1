//! The content security policy that a web page needs to embed Codat's component.
//!
//! Source: docs.codat.io, connection management, and update of 2026-04-27: `*.codat.io` in `default-src`, or in each of
//! five directives; styles by nonce, or `'unsafe-inline'`, never by hash. Frames do not work.

/// How a page writes its policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CspOptions {
    /// Whether each directive is written out, rather than `default-src` for all.
    pub detailed: bool,
    /// Whether styles are allowed without a nonce. Weaker, and only for pages that cannot make one per answer.
    pub unsafe_inline: bool,
}

/// Stands for the nonce: the page's server puts a new random value there for each answer, and the page passes the same
/// value to the component as `options.nonce`.
pub const NONCE_PLACEHOLDER: &str = "<value>";

const CODAT: &str = "*.codat.io";
const DIRECTIVES: [&str; 5] = ["script-src", "style-src", "font-src", "connect-src", "img-src"];

/// The header lines for such a page.
pub fn csp_lines(options: CspOptions) -> Vec<String> {
    let styles = if options.unsafe_inline {
        "'unsafe-inline'".to_owned()
    } else {
        format!("'nonce-{NONCE_PLACEHOLDER}'")
    };
    let directive = |name: &str| match name {
        "style-src" => format!("style-src 'self' {styles} {CODAT}"),
        name => format!("{name} 'self' {CODAT}"),
    };
    // `style-src` does not inherit from `default-src` once it is written, so it names Codat too.
    let names: &[&str] = if options.detailed { &DIRECTIVES } else { &["default-src", "style-src"] };
    let directives: Vec<String> = names.iter().map(|name| directive(name)).collect();
    vec![format!("Content-Security-Policy: {}", directives.join("; "))]
}

/// Directives that `policy` lacks for the component, each as it would have to be written; none when all is well.
///
/// `policy` is the value of the header, or whole lines. A policy that only reports is judged as if it counted. Of more
/// than one policy each must allow it, so what any of them lacks is named.
pub fn missing_directives(policy: &str) -> Vec<String> {
    let mut all = Vec::new();
    for one in policies_of(policy) {
        for lacking in missing_in(&one) {
            if !all.contains(&lacking) {
                all.push(lacking);
            }
        }
    }
    all
}

/// The policies in a text: one for each header line, and one more after each comma. A line without a header's name goes
/// on with the one before.
fn policies_of(text: &str) -> Vec<String> {
    const HEADERS: [&str; 2] = ["content-security-policy", "content-security-policy-report-only"];
    let named = |line: &'_ str| {
        let (name, value) = line.split_once(':')?;
        HEADERS.contains(&name.trim().to_ascii_lowercase().as_str()).then(|| value.to_owned())
    };
    let mut values: Vec<String> = Vec::new();
    for line in text.lines() {
        match (named(line), values.last_mut()) {
            (Some(value), _) => values.push(value),
            (None, Some(before)) => before.extend([" ", line]),
            (None, None) => values.push(line.to_owned()),
        }
    }
    values.iter().flat_map(|value| value.split(',')).map(ToOwned::to_owned).collect()
}

type Sources = Vec<String>;

fn missing_in(policy: &str) -> Vec<String> {
    let directives: Vec<(String, Sources)> = policy.split(';').filter_map(parse).collect();
    // The first of two counts (CSP 3 §2.2.1).
    let find = |name: &str| directives.iter().find(|(known, _)| known == name).map(|(_, sources)| sources);
    let lacking = |name: &str| {
        // What counts for elements is the nearest that is there (CSP 3 §6.8.3); one that is nowhere allows everything.
        let element = format!("{name}-elem");
        let (written, sources) = match find(&element) {
            Some(sources) if matches!(name, "script-src" | "style-src") => (element.as_str(), sources),
            _ => (name, find(name).or_else(|| find("default-src"))?),
        };
        missing(name, written, sources)
    };
    DIRECTIVES.iter().filter_map(|name| lacking(name)).collect()
}

fn parse(directive: &str) -> Option<(String, Sources)> {
    let mut words = directive.split_ascii_whitespace();
    let name = words.next()?.to_ascii_lowercase();
    Some((name, words.map(str::to_ascii_lowercase).collect()))
}

/// What of `name` would have to be added where it is `written`.
fn missing(name: &str, written: &str, sources: &Sources) -> Option<String> {
    let any = |wanted: &[&str]| sources.iter().any(|source| wanted.contains(&source.as_str()));
    let begins = |with: &[&str]| sources.iter().any(|source| with.iter().any(|one| source.starts_with(one)));
    let nonce = begins(&["'nonce-"]);
    let hash = begins(&["'sha256-", "'sha384-", "'sha512-"]);
    let mut lacking = Vec::new();
    let dynamic = name == "script-src" && any(&["'strict-dynamic'"]);
    // Beside a hash, browsers do not look at 'unsafe-inline' (CSP 3 §6.7.3.2).
    let styled = name != "style-src" || nonce || (any(&["'unsafe-inline'"]) && !hash);
    if !styled || (dynamic && !nonce && !hash) {
        lacking.push(format!("'nonce-{NONCE_PLACEHOLDER}'"));
    }
    // Beside 'strict-dynamic', browsers do not look at hosts: what a trusted script loads is trusted (§6.7.1.1).
    if !dynamic && !any(&["*", "https:", CODAT, "https://*.codat.io"]) {
        lacking.push(CODAT.to_owned());
    }
    (!lacking.is_empty()).then(|| format!("{written} {}", lacking.join(" ")))
}
