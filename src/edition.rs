//! Tonight's edition of the site: projects pass by one after the other, and what they leave is published.

use std::{
    collections::HashMap,
    iter,
    sync::{Arc, mpsc::Receiver},
};

use rayon::prelude::*;

use crate::{
    catalog::Catalog,
    data,
    feeds::{self, Candidate, Contents, Feed, FeedSite, Format, Merged, PROJECT_FEED, Pace},
    file,
    history::{History, ProjectStates},
    model::{Entry, Moment, Project, Roots, Slug},
    overview::{Course, Listed, Log, Overview},
    pages::{self, Front, Material},
    publish::{PublishError, Site},
};

/// So many projects are printed at once, as far as there are processors, when so many are waiting.
const AT_ONCE: usize = 16;

/// What comes to be published.
pub(crate) enum Sheet<'a> {
    /// A project as it was remembered; its turn is still to come.
    Beforehand(&'a Project, Box<History>, Arc<ProjectStates>),
    /// The next project.
    Project(Box<Proof<'a>>),
    /// There are no more projects.
    Last,
}

/// A project as it is to be shown.
pub(crate) struct Proof<'a> {
    project: &'a Project,
    /// What the catalog admits of its history.
    pub(crate) history: History,
    /// When its first final release was announced, whatever the catalog admits.
    first_final: Option<Moment>,
    /// How its sources do.
    states: Arc<ProjectStates>,
}

impl<'a> Proof<'a> {
    /// Of a project with this history and these states of its sources, whose repository has or had these `names`.
    pub(crate) fn of(project: &'a Project, history: History, states: Arc<ProjectStates>, names: &[String]) -> Self {
        let first_final = history.first_final();
        Self { project, first_final, history: history.admitted(project, names), states }
    }

    /// Whether it shows the same as another one of the project.
    fn is_like(&self, other: &Self) -> bool {
        let Self { history, first_final, states, .. } = self;
        *history == other.history && *first_final == other.first_final && states.is_like(&other.states)
    }
}

/// A project with its own repository, as it was when the night began.
type Remembered<'a> = (&'a Project, History, Arc<ProjectStates>);

/// What is left of a project when its own page and feeds are written.
struct Printed<'a> {
    /// One for each candidate that a feed may hold.
    entries: Vec<Option<Arc<Entry>>>,
    listed: Vec<Listed<'a>>,
    overview: Overview<'a>,
    /// How much its own feed brings.
    pace: Option<Pace>,
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
    /// What was printed of projects whose turn is still to come, and of what.
    beforehand: HashMap<&'a Slug, (Proof<'a>, Printed<'a>)>,
}

impl<'a> Edition<'a> {
    /// Of a site with nothing on it yet.
    pub(crate) fn new(catalog: &'a Catalog, roots: &'a Roots, site: Site) -> Self {
        let (front, log, merged) = (Front::default(), Log::default(), Merged::new(catalog));
        Self { catalog, roots, site, merged, front, log, rows: Vec::new(), beforehand: HashMap::new() }
    }

    /// Publishes what comes, up to the last; what breaks off is not finished, so that nothing is taken for gone.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(crate) fn print(mut self, sheets: &Receiver<Sheet<'a>>) -> Result<Site, PublishError> {
        while let Ok(next) = sheets.recv() {
            let (mut beforehand, mut proofs, mut is_last) = (Vec::new(), Vec::new(), false);
            for sheet in iter::once(next).chain(sheets.try_iter().take(AT_ONCE - 1)) {
                match sheet {
                    Sheet::Beforehand(project, history, states) => beforehand.push((project, *history, states)),
                    Sheet::Project(proof) => proofs.push(*proof),
                    Sheet::Last => is_last = true,
                }
            }
            self.print_beforehand(beforehand)?;
            self.take(&proofs)?;
            if is_last {
                return self.finish();
            }
        }
        Ok(self.site)
    }

    /// Prints projects whose turn is still to come: most nights change nothing of most of them.
    fn print_beforehand(&mut self, remembered: Vec<Remembered<'a>>) -> Result<(), PublishError> {
        let print = |(project, history, states): Remembered<'a>| {
            let names = states.names(project);
            let proof = Proof::of(project, history, states, &names);
            let printed = self.print_project(&proof, &self.candidates(&proof))?;
            Ok((&proof.project.id, (proof, printed)))
        };
        let printed: Vec<_> = remembered.into_par_iter().map(print).collect::<Result<_, PublishError>>()?;
        self.beforehand.extend(printed);
        Ok(())
    }

    /// Writes what belongs to one project alone, of several at once, and keeps what others show of them.
    fn take(&mut self, proofs: &[Proof<'a>]) -> Result<(), PublishError> {
        let beforehand: Vec<_> = proofs.iter().map(|proof| self.printed_beforehand(proof)).collect();
        let each = proofs.par_iter().zip(beforehand).map(|(proof, beforehand)| {
            let candidates = self.candidates(proof);
            let printed = beforehand.map_or_else(|| self.print_project(proof, &candidates), Ok)?;
            Ok((candidates, printed))
        });
        let printed: Vec<_> = each.collect::<Result<_, PublishError>>()?;
        // Room for all at once, with the first: there may be megabytes of them, and mostly there is nothing new.
        self.rows.reserve_exact(self.catalog.projects.len() - self.rows.len());
        for (Proof { project, .. }, (candidates, printed)) in proofs.iter().zip(printed) {
            let Printed { entries, listed, overview, pace } = printed;
            let place = self.catalog.place(&project.id).unwrap_or_default();
            self.front.take(project, &candidates, self.catalog);
            for (candidate, entry) in candidates.iter().zip(&entries) {
                if let Some(entry) = entry {
                    self.merged.take(candidate, entry);
                }
            }
            self.log.take(place, project, listed);
            self.rows.push((place, overview, pace));
        }
        Ok(())
    }

    /// What was printed of a project before its turn, where it still shows the same.
    fn printed_beforehand(&mut self, proof: &Proof<'a>) -> Option<Printed<'a>> {
        let (then, printed) = self.beforehand.remove(&proof.project.id)?;
        proof.is_like(&then).then_some(printed)
    }

    fn candidates<'p>(&self, proof: &'p Proof<'a>) -> Vec<Candidate<'p>> {
        feeds::candidates(proof.project, &proof.history, proof.first_final, self.catalog)
    }

    /// Writes a project's page and feeds.
    fn print_project(&self, proof: &Proof<'a>, candidates: &[Candidate<'_>]) -> Result<Printed<'a>, PublishError> {
        let Proof { project, history, states, .. } = proof;
        let (catalog, roots) = (self.catalog, self.roots);
        let course = Course::of(project, history, catalog, roots);
        let overview = Overview::of(project, history, &course, catalog, states, roots);
        let contents = Contents::of(project, history, catalog, roots);
        let entries = self.entries(candidates, &contents);
        let own = feeds::project_feed(project, entries.iter().take(PROJECT_FEED).flatten().cloned().collect());
        let material = Material { overview: &overview, course: &course, history, contents: &contents, own: &own };
        // Whoever subscribed under a former id goes on reading.
        for id in iter::once(&project.id).chain(&project.was) {
            let path = format!("projects/{id}");
            self.write_feed(&own, &path)?;
            self.site.write(&format!("{path}.html"), |out| pages::project(material, catalog, roots, out))?;
        }
        self.site.write(&format!("badges/{}.svg", project.id), |out| pages::badge(&overview, catalog, out))?;
        Ok(Printed { entries, listed: course.listed, overview, pace: own.pace() })
    }

    /// Renders the entries that any feed may hold, each once.
    fn entries(&self, candidates: &[Candidate<'_>], contents: &Contents<'_>) -> Vec<Option<Arc<Entry>>> {
        let render = |(place, candidate): (usize, &Candidate<'_>)| {
            let is_held = place < PROJECT_FEED || self.merged.wants(candidate);
            is_held.then(|| Arc::new(feeds::render(candidate, contents, self.catalog, self.roots)))
        };
        candidates.iter().enumerate().map(render).collect()
    }

    fn write_feed(&self, feed: &Feed, path: &str) -> Result<(), PublishError> {
        let site = feed_site(self.catalog, self.roots);
        for format in Format::ALL {
            self.site.write(&format!("{path}.{}", format.ending()), |out| format.write(feed, &site, out))?;
        }
        Ok(())
    }

    /// Writes what shows all projects, and removes what no project wrote.
    fn finish(mut self) -> Result<Site, PublishError> {
        self.rows.sort_by_key(|(place, ..)| *place);
        // The rows are not moved to another list: there may be megabytes of them.
        let rows = std::mem::take(&mut self.rows);
        let paces: Vec<_> = rows.iter().map(|(_, _, pace)| *pace).collect();
        let overviews: Vec<_> = rows.into_iter().map(|(_, overview, _)| overview).collect();
        let merged = std::mem::replace(&mut self.merged, Merged::new(self.catalog)).finish();
        let front = std::mem::take(&mut self.front);
        let (feeds_written, rest_written) = rayon::join(
            || merged.par_iter().try_for_each(|feed| self.write_feed(feed, &feed.path)),
            || {
                self.write_pages(&overviews, &merged, front)?;
                self.write_lists(&overviews, &paces, &merged)?;
                self.write_data(&overviews)?;
                self.write_around()
            },
        );
        feeds_written.and(rest_written)?;
        self.site.remove_others()?;
        Ok(self.site)
    }

    /// Writes the pages on what is new.
    fn write_pages(&self, overviews: &[Overview<'_>], merged: &[Feed], front: Front<'a>) -> Result<(), PublishError> {
        let (catalog, roots, log) = (self.catalog, self.roots, &self.log);
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
        &self,
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
    fn write_data(&self, overviews: &[Overview<'_>]) -> Result<(), PublishError> {
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
    fn write_around(&self) -> Result<(), PublishError> {
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
