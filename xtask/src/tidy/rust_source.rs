//! A Rust file with what several rules ask of it: code apart from comments, and which lines are tests.

use super::File;
use super::mask::Mask;

/// A Rust file, taken apart.
pub(super) struct RustSource<'tree> {
    pub file: &'tree File,
    pub mask: Mask,
    /// True for a file that is compiled for tests only.
    pub all_test: bool,
    test_lines: Vec<bool>,
}

impl<'tree> RustSource<'tree> {
    fn new(file: &'tree File) -> Self {
        let mask = Mask::new(&file.text);
        let test_lines = test_lines(&mask.code);
        Self { file, mask, all_test: is_test_path(&file.path), test_lines }
    }

    /// Whether `line` (from 1) is compiled for tests only.
    pub(super) fn is_test(&self, line: usize) -> bool {
        self.all_test || self.test_lines.get(line - 1).copied().unwrap_or(false)
    }

    /// Lines of the code with their numbers, from 1.
    pub(super) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.mask.code.lines())
    }

    /// Lines of the comments with their numbers, from 1.
    pub(super) fn comment_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.mask.comments.lines())
    }
}

/// All Rust files among `files`. A file that another declares under `#[cfg(test)]` counts as a test.
pub(super) fn sources(files: &[File]) -> Vec<RustSource<'_>> {
    let ours =
        |path: &str| ["crates/", "src-tauri/", "tests/", "xtask/"].iter().any(|top| path.starts_with(top));
    let rust = files.iter().filter(|file| ours(&file.path) && has_ending(&file.path, "rs"));
    let mut sources: Vec<RustSource<'_>> = rust.map(RustSource::new).collect();
    let declared: Vec<String> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        let path = source.file.path.as_str();
        source.all_test |= declared.iter().any(|module| {
            path.strip_prefix(module.as_str()).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        });
    }
    sources
}

/// Whether the file name of `path` ends in `.` and `ending`.
pub(super) fn has_ending(path: &str, ending: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, last)| last == ending)
}

/// Byte position after the brace that closes the one at `open`; the end of `code` when none does.
pub(super) fn closing_brace(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in code.char_indices().skip_while(|(at, _)| *at < open) {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

/// The line, from 1, on which the byte position `at` stands.
pub(super) fn line_at(code: &str, at: usize) -> usize {
    1 + code.get(..at).map_or(0, |before| before.matches('\n').count())
}

fn is_test_path(path: &str) -> bool {
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with("/fakes.rs")
}

/// Where the item after each `#[cfg(test)]` begins and ends, in bytes.
fn test_items(code: &str) -> Vec<(usize, usize)> {
    let mut items = Vec::new();
    for (start, _) in code.match_indices("#[cfg(") {
        let Some(rest) = code.get(start..) else { continue };
        let Some(end) = rest.find(']') else { continue };
        let condition = rest.get(..end).unwrap_or_default();
        let mentions_test =
            condition.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == "test");
        if !mentions_test || condition.contains("not(") {
            continue;
        }
        let Some(stop) = rest.find(['{', ';']) else { continue };
        let stop = start + stop;
        let is_block = code.get(stop..).is_some_and(|item| item.starts_with('{'));
        items.push((start, if is_block { closing_brace(code, stop) } else { stop + 1 }));
    }
    items
}

fn test_lines(code: &str) -> Vec<bool> {
    let mut lines = vec![false; code.lines().count()];
    for (start, end) in test_items(code) {
        let first = line_at(code, start) - 1;
        let last = line_at(code, end);
        for line in lines.iter_mut().take(last).skip(first) {
            *line = true;
        }
    }
    lines
}

/// Paths, without `.rs`, of the modules that `source` declares for tests in files of their own.
fn test_modules(source: &RustSource<'_>) -> Vec<String> {
    let path = source.file.path.as_str();
    let Some((folder, name)) = path.rsplit_once('/') else { return Vec::new() };
    let below = match name.trim_end_matches(".rs") {
        "lib" | "main" | "mod" => folder.to_owned(),
        module => format!("{folder}/{module}"),
    };
    let code = source.mask.code.as_str();
    let items = test_items(code).into_iter().filter_map(|(start, end)| code.get(start..end));
    items
        .filter_map(|item| item.strip_suffix(';')?.rsplit_once("mod ").map(|(_, module)| module.trim()))
        .map(|module| format!("{below}/{module}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::File;
    use super::sources;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn lines_under_cfg_test_are_tests() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        let files = [file("crates/x/src/lib.rs", text)];
        let source = &sources(&files)[0];
        let marked: Vec<bool> = (1..=6).map(|line| source.is_test(line)).collect();
        assert_eq!(marked, [false, true, true, true, true, false]);
    }

    #[test]
    fn not_test_is_no_test() {
        let files = [file("crates/x/src/lib.rs", "#[cfg(not(test))]\nfn a() {}\n")];
        assert!(!sources(&files)[0].is_test(2));
    }

    #[test]
    fn a_module_declared_for_tests_is_a_test_file() {
        let files = [
            file("crates/x/src/lib.rs", "#[cfg(test)]\nmod support;\nmod real;\n"),
            file("crates/x/src/real.rs", "#[cfg(test)]\nmod cases;\n"),
            file("crates/x/src/real/cases.rs", ""),
            file("crates/x/src/support.rs", ""),
            file("crates/x/tests/it/main.rs", ""),
        ];
        let marked: Vec<bool> = sources(&files).iter().map(|source| source.all_test).collect();
        assert_eq!(marked, [false, false, true, true, true]);
    }
}
