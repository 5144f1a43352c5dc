//! OPML ([version 2.0](https://opml.org/spec2.opml)): every project's feed, grouped by stage.

use std::io::{self, Write};

use askama::Template;

use super::FeedSite;
use crate::{catalog::Catalog, model::Project};

#[derive(Template)]
#[template(path = "feeds.opml", escape = "xml")]
struct Outline<'a> {
    title: &'a str,
    site: FeedSite<'a>,
    groups: Vec<Group<'a>>,
}

struct Group<'a> {
    name: &'a str,
    projects: Vec<&'a Project>,
}

/// Writes the list of all projects' feeds, to be taken over into a reader.
///
/// # Errors
/// When the writer fails.
pub fn opml(catalog: &Catalog, site: FeedSite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (name, stage) in catalog.stages_and_rest() {
        let projects: Vec<_> = catalog.projects.iter().filter(|project| project.stage.as_ref() == stage).collect();
        if !projects.is_empty() {
            groups.push(Group { name, projects });
        }
    }
    Outline { title: &catalog.site.title, site, groups }.write_into(out)
}
