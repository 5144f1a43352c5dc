//! Tonight's edition of the site: projects pass by one after the other, and what they leave is published.

use std::sync::Arc;

use crate::{
    BuildError, Outcome,
    catalog::Catalog,
    cli::Build,
    collect::{Asked, Collector, Turn},
    data,
    feeds::{self, Feed, FeedSite, Format, Merged, PROJECT_FEED},
    history::{History, Memory},
    model::{Moment, Project, Roots},
    overview::Overview,
    pages,
    publish::Site,
    report::{self, Report, Voice},
};

/// What is held while projects pass by: the memory's key facts, the merged feeds' windows, one row a project.
pub(crate) struct Edition<'a> {
    options: &'a Build,
    catalog: &'a Catalog,
    pub(crate) roots: Roots,
    pub(crate) memory: Memory,
    site: Site,
    merged: Merged<'a>,
    overviews: Vec<Overview<'a>>,
    report: Report,
}

impl<'a> Edition<'a> {
    /// Takes the site's folder, and reads the memory through.
    pub(crate) fn open(options: &'a Build, catalog: &'a Catalog) -> Result<Self, BuildError> {
        let folder = &options.places.site;
        let site = Site::open(folder)?;
        let mut memory = Memory::open(folder, &catalog.site.authority, options.record(), options.now())?;
        memory.follow(&catalog.projects);
        for (project, source, at) in report::last_answers(folder) {
            memory.answered_last(&project, &source, at);
        }
        let voice = if options.places.quiet { Voice::Quiet } else { Voice::Normal };
        Ok(Self {
            options,
            catalog,
            roots: options.roots(&catalog.site.url),
            memory,
            site,
            merged: Merged::new(catalog),
            overviews: Vec::new(),
            report: Report::new(options.now(), voice, catalog.projects.len()),
        })
    }

    /// Joins what a project's sources said into its history, writes that, and then its page and feeds.
    pub(crate) fn take(
        &mut self,
        project: &'a Project,
        turn: Turn,
        mut history: History,
        collector: Option<&Collector>,
    ) -> Result<(), BuildError> {
        if collector.is_some_and(Collector::is_anonymous) && !turn.answers.is_empty() {
            self.report.anonymous();
        }
        for (source, answer) in &turn.answers {
            match (answer, collector) {
                (Err(trouble), Some(collector)) => {
                    let address = collector.address(project, source);
                    self.report.failure(project, source.clone(), address, trouble.clone());
                }
                (Ok(answer), Some(collector)) if collector.is_cut_short(answer) => self.report.cut_short(),
                _ => {}
            }
        }
        let news = self.memory.record(project, &mut history, turn.answers);
        self.site.count_memory(self.memory.save(project, &history)?);
        let first_final = history.first_final();
        let history = history.admitted(project);
        let overview = Overview::of(project, &history, self.catalog, &self.memory, &self.roots);
        let own = self.enter(project, &history, first_final);
        let page = pages::project(&overview, &history, &own, self.catalog, &self.roots);
        // Whoever subscribed under a former id goes on reading.
        for id in std::iter::once(&project.id).chain(&project.was) {
            let path = format!("projects/{id}");
            self.write_feed(&own, &path)?;
            self.site.write(&format!("{path}.html"), &page)?;
        }
        self.report.project(&overview, news);
        self.overviews.push(overview);
        Ok(())
    }

    /// Renders the entries that any feed holds, each once; gives the project's own feed.
    fn enter(&mut self, project: &'a Project, history: &History, first_final: Option<Moment>) -> Feed {
        let mut own = Vec::new();
        for candidate in feeds::candidates(project, history, first_final, self.catalog) {
            if own.len() < PROJECT_FEED || self.merged.wants(&candidate) {
                let entry = Arc::new(feeds::render(&candidate, self.catalog, &self.roots));
                self.merged.take(&candidate, &entry);
                own.push(entry);
            }
        }
        own.truncate(PROJECT_FEED);
        feeds::project_feed(project, own)
    }

    fn write_feed(&mut self, feed: &Feed, path: &str) -> Result<(), BuildError> {
        let site = feed_site(self.catalog, &self.roots);
        for format in Format::ALL {
            self.site.write(&format!("{path}.{}", format.ending()), &format.write(feed, &site))?;
        }
        Ok(())
    }

    /// Writes what shows all projects, and removes what no project wrote.
    pub(crate) fn finish(mut self, asked: &Asked) -> Result<Outcome, BuildError> {
        self.site.count_memory(self.memory.finish()?);
        let place = |overview: &Overview<'_>| self.catalog.projects.iter().position(|p| p.id == overview.project.id);
        self.overviews.sort_by_cached_key(place);
        let merged = std::mem::replace(&mut self.merged, Merged::new(self.catalog)).finish();
        for feed in &merged {
            self.write_feed(feed, &feed.path)?;
        }
        let (catalog, roots, overviews) = (self.catalog, &self.roots, &self.overviews);
        let files = [
            ("index.html", pages::index(catalog, overviews, &merged, roots)),
            ("status.html", pages::status(catalog, overviews, roots)),
            ("style.css", pages::style(catalog)),
            ("feeds.opml", feeds::opml(catalog, feed_site(catalog, roots))),
            ("data/index.json", data::index(catalog, overviews)),
            ("status.json", self.report.status(overviews, asked)),
        ];
        for (path, bytes) in files {
            self.site.write(path, &bytes)?;
        }
        let published = self.site.finish()?;
        self.report.print(&self.options.places.site, published);
        if let Some(summary) = &self.options.step_summary {
            self.report.workflow(summary, &self.overviews, asked);
        }
        Ok(if self.report.is_complete() { Outcome::Complete } else { Outcome::Incomplete })
    }
}

fn feed_site<'a>(catalog: &'a Catalog, roots: &'a Roots) -> FeedSite<'a> {
    FeedSite { title: &catalog.site.title, authority: &catalog.site.authority, roots }
}
