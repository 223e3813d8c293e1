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
/// `policy` is the value of the header, or the whole line.
pub fn missing_directives(policy: &str) -> Vec<String> {
    let value = match policy.split_once(':') {
        Some((name, rest)) if name.trim().eq_ignore_ascii_case("content-security-policy") => rest,
        _ => policy,
    };
    let directives: Vec<(String, Vec<String>)> = value.split(';').filter_map(parse).collect();
    // The first of two counts (CSP 3 §2.2.1).
    let sources = |name: &str| directives.iter().find(|(known, _)| known == name).map(|(_, sources)| sources);
    let fallback = sources("default-src");
    DIRECTIVES.iter().filter_map(|name| missing(name, sources(name).or(fallback))).collect()
}

fn parse(directive: &str) -> Option<(String, Vec<String>)> {
    let mut words = directive.split_ascii_whitespace();
    let name = words.next()?.to_ascii_lowercase();
    Some((name, words.map(str::to_ascii_lowercase).collect()))
}

/// What of `name` would have to be added; a directive that is nowhere allows everything.
fn missing(name: &str, sources: Option<&Vec<String>>) -> Option<String> {
    let sources = sources?;
    let any = |wanted: &[&str]| sources.iter().any(|source| wanted.contains(&source.as_str()));
    let codat = any(&["*", "https:", CODAT, "https://*.codat.io"]);
    let nonce = sources.iter().any(|source| source.starts_with("'nonce-"));
    let styled = name != "style-src" || nonce || any(&["'unsafe-inline'"]);
    let mut lacking = Vec::new();
    if !styled {
        lacking.push(format!("'nonce-{NONCE_PLACEHOLDER}'"));
    }
    if !codat {
        lacking.push(CODAT.to_owned());
    }
    (!lacking.is_empty()).then(|| format!("{name} {}", lacking.join(" ")))
}
