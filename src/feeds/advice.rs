//! What to do about an advisory, line by line.

use crate::{
    catalog::Catalog,
    history::History,
    model::{Advisory, Exposure, Project},
    overview::latest_in,
    version::{Line, Version},
};

/// `Go to 3.3.13 from any 3.3; no fix for 3.1 (Y2023, Y2022).` None where the advisory names no version that fixes it.
pub(super) fn advice(advisory: &Advisory, project: &Project, history: &History, catalog: &Catalog) -> Option<String> {
    let depth = catalog.line_depth(&project.id);
    let fixes = advisory.fixed_in();
    let text = |fix: &Version| {
        let release = history.releases.iter().find(|release| release.version == *fix);
        release.map_or_else(|| fix.to_string(), |release| release.text.clone())
    };
    let go_to = fixes.iter().filter_map(|fix| Some(format!("go to {} from any {}", text(fix), Line::of(fix, depth)?)));
    let mut steps: Vec<_> = go_to.collect();
    if steps.is_empty() {
        return None;
    }
    steps.extend(without_a_fix(advisory, project, history, catalog));
    let mut sentence = steps.join("; ");
    sentence.replace_range(..1, "G");
    Some(sentence + ".")
}

/// The lines that platforms ask for and that stay as they are, with the names of those platforms.
fn without_a_fix(advisory: &Advisory, project: &Project, history: &History, catalog: &Catalog) -> Vec<String> {
    let asks = |line: &Line| {
        let asking = catalog.platforms.iter().filter(|platform| platform.line_of(&project.id) == Some(line));
        asking.map(|platform| platform.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let is_left = |line: &&Line| {
        let latest = latest_in(line, project, history).map(|release| &release.version);
        let is_open = latest.is_some_and(|latest| advisory.in_line(line, latest) == Exposure::Open);
        is_open && !advisory.fixed_in().iter().any(|fix| line.takes(fix))
    };
    let mut lines: Vec<_> = catalog.platforms.iter().filter_map(|platform| platform.line_of(&project.id)).collect();
    lines.sort_unstable_by(|a, b| b.cmp(a));
    lines.dedup();
    lines.into_iter().filter(is_left).map(|line| format!("no fix for {line} ({})", asks(line))).collect()
}
