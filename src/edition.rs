//! Tonight's edition of the site: projects pass by one after the other, and what they leave is published.

use std::sync::{Arc, mpsc::Receiver};

use crate::{
    catalog::Catalog,
    data,
    feeds::{self, Contents, Feed, FeedSite, Format, Merged, PROJECT_FEED, Pace},
    file,
    history::{History, ProjectStates},
    model::{Moment, Project, Roots, Slug},
    overview::{Course, Log, Overview},
    pages::{self, Front, Material},
    publish::{PublishError, Site},
};

/// What comes to be published.
pub(crate) enum Sheet<'a> {
    /// The next project.
    Project(Box<Proof<'a>>),
    /// There are no more projects.
    Last,
}

/// A project as it is to be shown.
pub(crate) struct Proof<'a> {
    pub(crate) project: &'a Project,
    /// What the catalog admits of its history.
    pub(crate) history: History,
    /// When its first final release was announced, whatever the catalog admits.
    pub(crate) first_final: Option<Moment>,
    /// How its sources do.
    pub(crate) states: ProjectStates,
}

/// What is held while projects pass by: the merged feeds' windows, the newest releases, one row a project.
pub(crate) struct Edition<'a> {
    catalog: &'a Catalog,
    roots: &'a Roots,
    site: Site,
    merged: Merged<'a>,
    front: Front<'a>,
    log: Log<'a>,
    /// Each project's row, with its place in the catalog and how much its own feed brings.
    rows: Vec<(usize, Overview<'a>, Option<Pace>)>,
}

impl<'a> Edition<'a> {
    /// Of a site with nothing on it yet.
    pub(crate) fn new(catalog: &'a Catalog, roots: &'a Roots, site: Site) -> Self {
        let (front, log) = (Front::default(), Log::default());
        Self { catalog, roots, site, merged: Merged::new(catalog), front, log, rows: Vec::new() }
    }

    /// Publishes what comes, up to the last; what breaks off is not finished, so that nothing is taken for gone.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(crate) fn print(mut self, sheets: Receiver<Sheet<'a>>) -> Result<Site, PublishError> {
        for sheet in sheets {
            match sheet {
                Sheet::Project(proof) => self.take(&proof)?,
                Sheet::Last => return self.finish(),
            }
        }
        Ok(self.site)
    }

    /// Writes a project's page and feeds, and keeps what others show of it.
    fn take(&mut self, proof: &Proof<'a>) -> Result<(), PublishError> {
        let Proof { project, history, first_final, states } = proof;
        let (catalog, roots) = (self.catalog, self.roots);
        let course = Course::of(project, history, catalog, roots);
        let overview = Overview::of(project, history, &course, catalog, states, roots);
        let contents = Contents::of(project, history, catalog, roots);
        let own = self.enter(project, history, &contents, *first_final);
        let material = Material { overview: &overview, course: &course, history, contents: &contents, own: &own };
        // Whoever subscribed under a former id goes on reading.
        for id in std::iter::once(&project.id).chain(&project.was) {
            let path = format!("projects/{id}");
            self.write_feed(&own, &path)?;
            self.site.write(&format!("{path}.html"), |out| pages::project(material, catalog, roots, out))?;
        }
        self.site.write(&format!("badges/{}.svg", project.id), |out| pages::badge(&overview, catalog, out))?;
        let place = catalog.place(&project.id).unwrap_or_default();
        self.log.take(place, project, course.listed);
        self.rows.push((place, overview, own.pace()));
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
                let entry = Arc::new(feeds::render(&candidate, contents, self.catalog, self.roots));
                self.merged.take(&candidate, &entry);
                own.push(entry);
            }
        }
        own.truncate(PROJECT_FEED);
        feeds::project_feed(project, own)
    }

    fn write_feed(&mut self, feed: &Feed, path: &str) -> Result<(), PublishError> {
        let site = feed_site(self.catalog, self.roots);
        for format in Format::ALL {
            self.site.write(&format!("{path}.{}", format.ending()), |out| format.write(feed, &site, out))?;
        }
        Ok(())
    }

    /// Writes what shows all projects, and removes what no project wrote.
    fn finish(mut self) -> Result<Site, PublishError> {
        self.rows.sort_by_key(|(place, ..)| *place);
        let (overviews, paces): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.rows).into_iter().map(|(_, overview, pace)| (overview, pace)).unzip();
        let merged = std::mem::replace(&mut self.merged, Merged::new(self.catalog)).finish();
        for feed in &merged {
            self.write_feed(feed, &feed.path)?;
        }
        self.write_pages(&overviews, &merged)?;
        self.write_lists(&overviews, &paces, &merged)?;
        self.write_data(&overviews)?;
        self.write_around()?;
        self.site.remove_others()?;
        Ok(self.site)
    }

    /// Writes the pages on what is new.
    fn write_pages(&mut self, overviews: &[Overview<'_>], merged: &[Feed]) -> Result<(), PublishError> {
        let (catalog, roots, log) = (self.catalog, self.roots, &self.log);
        let front = std::mem::take(&mut self.front);
        self.site.write("index.html", |out| pages::index(catalog, overviews, log, front, merged, roots, out))?;
        // The site's own feed stands first, and the front page shows it.
        for feed in merged.iter().skip(1) {
            let platform = catalog.platforms.iter().find(|platform| feed.path == format!("platforms/{}", platform.id));
            self.site.write(&feed.page, |out| match (platform, feed.path.as_str()) {
                (_, "feeds/all") => pages::releases(catalog, overviews, log, feed, roots, out),
                (Some(platform), _) => pages::platform(platform, catalog, overviews, feed, roots, out),
                (None, _) => pages::merged(catalog, feed, roots, out),
            })?;
        }
        self.site.write("timeline.html", |out| pages::timeline(catalog, log, roots, out))
    }

    /// Writes the lists of all feeds, sources and pages.
    fn write_lists(
        &mut self,
        overviews: &[Overview<'_>],
        paces: &[Option<Pace>],
        merged: &[Feed],
    ) -> Result<(), PublishError> {
        let (catalog, roots) = (self.catalog, self.roots);
        self.site.write("subscribe.html", |out| pages::subscribe(catalog, merged, paces, roots, out))?;
        self.site.write("status.html", |out| pages::status(catalog, overviews, roots, out))?;
        self.site.write("feeds.opml", |out| feeds::opml(catalog, feed_site(catalog, roots), out))?;
        self.site.write("sitemap.xml", |out| pages::sitemap(catalog, merged, roots, out))
    }

    /// Writes what programs read besides the feeds.
    fn write_data(&mut self, overviews: &[Overview<'_>]) -> Result<(), PublishError> {
        let catalog = self.catalog;
        self.site.write("data/index.json", |out| file::write_json(out, &data::Index::of(catalog, overviews)))?;
        for platform in &catalog.platforms {
            let reached = |project: &Slug| overviews.get(catalog.place(project)?)?.platforms.get(&platform.id);
            self.site.write(&format!("data/platforms/{}.json", platform.id), |out| {
                file::write_json(out, &data::Platform::of(platform, catalog, reached))
            })?;
        }
        Ok(())
    }

    /// Writes what stands around the pages.
    fn write_around(&mut self) -> Result<(), PublishError> {
        let (catalog, roots) = (self.catalog, self.roots);
        self.site.write("404.html", |out| pages::not_found(catalog, roots, out))?;
        self.site.write("style.css", |out| pages::style(catalog, out))?;
        self.site.write("site.js", pages::script)?;
        self.site.write("favicon.svg", |out| pages::favicon(catalog, out))?;
        self.site.write(".nojekyll", |_| Ok(()))
    }
}

fn feed_site<'a>(catalog: &'a Catalog, roots: &'a Roots) -> FeedSite<'a> {
    FeedSite { title: &catalog.site.title, authority: &catalog.site.authority, roots }
}
