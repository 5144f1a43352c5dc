//! Tonight's edition of the site: projects pass by one after the other, and what they leave is published.

use std::sync::Arc;

use crate::{
    BuildError, Outcome,
    catalog::Catalog,
    cli::Build,
    collect::{Asked, Collector, Turn},
    data,
    feeds::{self, Contents, Feed, FeedSite, Format, Merged, PROJECT_FEED},
    file,
    history::{History, Memory},
    model::{Moment, Project, Roots, Slug},
    overview::Overview,
    pages::{self, FeedLink, Front},
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
    front: Front<'a>,
    /// Each project's own feed, beside its overview.
    own: Vec<FeedLink<'static>>,
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
            front: Front::default(),
            own: Vec::new(),
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
        let states = self.memory.states();
        let names = self.catalog.home(project).map(|home| states.names(home)).unwrap_or_default();
        let history = history.admitted(project, &names);
        let overview = Overview::of(project, &history, self.catalog, states, &self.roots);
        let contents = Contents::of(project, &history, self.catalog, &self.roots);
        let own = self.enter(project, &history, &contents, first_final);
        let page = pages::project(&overview, &history, &contents, &own, self.catalog, &self.roots);
        // Whoever subscribed under a former id goes on reading.
        for id in std::iter::once(&project.id).chain(&project.was) {
            let path = format!("projects/{id}");
            self.write_feed(&own, &path)?;
            self.site.write(&format!("{path}.html"), &page)?;
        }
        self.site.write(&format!("badges/{}.svg", project.id), &pages::badge(&overview, self.catalog))?;
        self.report.project(&overview, news);
        self.own.push(FeedLink::of(&own).into_owned());
        self.overviews.push(overview);
        Ok(())
    }

    /// Renders the entries that any feed holds, each once; gives the project's own feed.
    fn enter(
        &mut self,
        project: &'a Project,
        history: &History,
        contents: &Contents<'_>,
        first_final: Option<Moment>,
    ) -> Feed {
        let mut own = Vec::new();
        let candidates = feeds::candidates(project, history, first_final, self.catalog);
        self.front.take(project, &candidates, self.catalog);
        for candidate in candidates {
            if own.len() < PROJECT_FEED || self.merged.wants(&candidate) {
                let entry = Arc::new(feeds::render(&candidate, contents, self.catalog, &self.roots));
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

    /// Writes the pages that show all projects, and what stands around them.
    fn write_pages(&mut self, merged: &[Feed]) -> Result<(), BuildError> {
        let (catalog, roots, overviews) = (self.catalog, &self.roots, &self.overviews);
        let front = std::mem::take(&mut self.front);
        let mut pages = vec![("index.html".to_owned(), pages::index(catalog, overviews, front, merged, roots))];
        for feed in merged {
            let platform = catalog.platforms.iter().find(|platform| feed.path == format!("platforms/{}", platform.id));
            let page = match (platform, feed.path.as_str()) {
                (_, "feed") => continue,
                (_, "feeds/all") => pages::releases(catalog, overviews, feed, roots),
                (Some(platform), _) => pages::platform(platform, catalog, overviews, feed, roots),
                (None, _) => pages::merged(catalog, feed, roots),
            };
            pages.push((feed.page.clone(), page));
        }
        pages.push(("timeline.html".to_owned(), pages::timeline(catalog, overviews, roots)));
        pages.push(("subscribe.html".to_owned(), pages::subscribe(catalog, overviews, merged, &self.own, roots)));
        pages.push(("status.html".to_owned(), pages::status(catalog, overviews, roots)));
        let mut paths: Vec<_> = pages.iter().map(|(path, _)| path.clone()).collect();
        paths.extend(overviews.iter().map(|overview| overview.project.page()));
        let around = [
            ("404.html", pages::not_found(catalog, roots)),
            ("sitemap.xml", pages::sitemap(&paths, roots)),
            ("style.css", pages::style(catalog)),
            ("site.js", pages::script().to_vec()),
            ("favicon.svg", pages::favicon(catalog)),
            (".nojekyll", Vec::new()),
            ("feeds.opml", feeds::opml(catalog, feed_site(catalog, roots))),
            ("data/index.json", file::json(&data::Index::of(catalog, overviews))),
        ];
        pages.extend(around.map(|(path, bytes)| (path.to_owned(), bytes)));
        for platform in &catalog.platforms {
            let reached = |project: &Slug| {
                let overview = overviews.iter().find(|overview| overview.project.id == *project);
                overview.and_then(|overview| overview.platforms.get(&platform.id))
            };
            let platform_file = data::Platform::of(platform, catalog, reached);
            pages.push((format!("data/platforms/{}.json", platform.id), file::json(&platform_file)));
        }
        for (path, bytes) in pages {
            self.site.write(&path, &bytes)?;
        }
        Ok(())
    }

    /// Writes what shows all projects, and removes what no project wrote.
    pub(crate) fn finish(mut self, asked: &Asked) -> Result<Outcome, BuildError> {
        self.site.count_memory(self.memory.finish()?);
        let mut rows: Vec<_> =
            std::mem::take(&mut self.overviews).into_iter().zip(std::mem::take(&mut self.own)).collect();
        let place = |overview: &Overview<'_>| self.catalog.projects.iter().position(|p| p.id == overview.project.id);
        rows.sort_by_cached_key(|(overview, _)| place(overview));
        (self.overviews, self.own) = rows.into_iter().unzip();
        let merged = std::mem::replace(&mut self.merged, Merged::new(self.catalog)).finish();
        for feed in &merged {
            self.write_feed(feed, &feed.path)?;
        }
        self.write_pages(&merged)?;
        self.site.write("status.json", &self.report.status(&self.overviews, asked))?;
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
