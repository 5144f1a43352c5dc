//! What the front page shows of the newest days, while projects pass by one after the other.
//!
//! A block is what one project did on one UTC day. A release stands under the day of its publication, an event under
//! that of the run that saw it.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::{NaiveDate, TimeDelta};

use super::{Badge, filter::Marks};
use crate::{
    catalog::{Catalog, Platform},
    feeds::{Candidate, Subject, excerpt},
    model::{EventKind, Project, Release, fragment},
    notes::{self, Rendered},
    version::Version,
};

/// How many blocks the front page shows at most.
const BLOCKS: usize = 40;
/// How many days it goes back from the newest.
const DAYS: TimeDelta = TimeDelta::days(30);
/// How many characters of notes it shows.
const NOTES: usize = 1_000;
/// How many characters of a sentence it shows.
const SENTENCE: usize = 200;

/// The newest blocks.
#[derive(Default)]
pub struct Front<'a> {
    /// By day, the newest first, and then in the order in which projects stand in the catalog.
    blocks: BTreeMap<(Reverse<NaiveDate>, usize), Block<'a>>,
}

/// What a project did on a day.
pub(super) struct Block<'a> {
    pub(super) project: &'a Project,
    pub(super) items: Vec<Item<'a>>,
}

/// A release or event.
pub(super) struct Item<'a> {
    pub(super) title: String,
    /// Where the project's page has it, on the site.
    pub(super) page: String,
    pub(super) badges: Vec<Badge<'a>>,
    pub(super) marks: Marks<'a>,
    /// What it is about; empty where nothing says that.
    pub(super) sentence: String,
    pub(super) notes: Rendered,
    version: Option<Version>,
    /// The release whose notes are to be shown.
    told: Option<Box<Release>>,
}

/// The blocks of a day.
pub(super) struct Day<'a> {
    pub(super) date: NaiveDate,
    pub(super) blocks: Vec<Block<'a>>,
}

impl<'a> Front<'a> {
    /// Takes what a project has to announce, the newest first; what is too old by now is left out.
    pub fn take(&mut self, project: &'a Project, candidates: &[Candidate<'_>], catalog: &'a Catalog) {
        let position = catalog.place(&project.id).unwrap_or_default();
        for candidate in candidates {
            let key = (Reverse(day(candidate)), position);
            if self.admits(&key) {
                let block = self.blocks.entry(key).or_insert_with(|| Block { project, items: Vec::new() });
                block.items.push(Item::of(candidate, project, catalog));
                self.cut();
            }
        }
    }

    fn admits(&self, key: &(Reverse<NaiveDate>, usize)) -> bool {
        let ends = (self.blocks.first_key_value(), self.blocks.last_key_value());
        let (Some((newest, _)), Some((oldest, _))) = ends else { return true };
        newest.0.0 - key.0.0 < DAYS && (self.blocks.len() < BLOCKS || key <= oldest)
    }

    fn cut(&mut self) {
        while let (Some((newest, _)), Some((oldest, _))) = (self.blocks.first_key_value(), self.blocks.last_key_value())
            && (self.blocks.len() > BLOCKS || newest.0.0 - oldest.0.0 >= DAYS)
        {
            self.blocks.pop_last();
        }
    }

    /// The finished days, the newest first; in a block events stand before releases, the highest version first.
    pub(super) fn finish(self) -> Vec<Day<'a>> {
        let mut days: Vec<Day<'a>> = Vec::new();
        for ((Reverse(date), _), mut block) in self.blocks {
            block.items = block.items.into_iter().map(Item::tell).collect();
            block.items.sort_by(|a, b| a.version.is_some().cmp(&b.version.is_some()).then(b.version.cmp(&a.version)));
            match days.last_mut().filter(|day| day.date == date) {
                Some(day) => day.blocks.push(block),
                None => days.push(Day { date, blocks: vec![block] }),
            }
        }
        days
    }
}

/// The day under which an entry stands.
fn day(candidate: &Candidate<'_>) -> NaiveDate {
    match &candidate.subject {
        Subject::Release(release) => release.released.date_naive(),
        Subject::Day(date, _) => *date,
        Subject::Event(event, _) => event.recorded.date_naive(),
    }
}

impl<'a> Item<'a> {
    fn of(candidate: &Candidate<'_>, project: &'a Project, catalog: &'a Catalog) -> Self {
        let page = |anchor: &str| format!("{}{anchor}", project.page());
        let plain = Self {
            title: title(candidate, project),
            page: page(""),
            badges: Vec::new(),
            marks: Marks {
                project: &project.id,
                stage: project.stage.as_ref(),
                channels: Vec::new(),
                platforms: Vec::new(),
                stabilities: Vec::new(),
            },
            sentence: String::new(),
            notes: Rendered::default(),
            version: None,
            told: None,
        };
        match &candidate.subject {
            Subject::Release(release) => {
                plain.with_release(release, project, catalog).with_notes(release).with_security(candidate)
            }
            Subject::Event(event, Some(release)) => {
                let item = plain.with_release(release, project, catalog);
                let item = if event.kind == EventKind::Final { item.with_notes(release) } else { item };
                Self { version: None, badges: Vec::new(), ..item }.with_security(candidate)
            }
            Subject::Event(_, None) => {
                let about = candidate.advisories.iter().map(|advisory| advisory.summary.as_str());
                let sentence = shorten(&notes::without_addresses(&about.collect::<Vec<_>>().join("; ")));
                Self { sentence, ..plain }.with_security(candidate)
            }
            Subject::Day(date, releases) => {
                let names: Vec<_> = releases.iter().map(|release| release.text.as_str()).collect();
                let sentence = shorten(&names.join(", "));
                let channels = releases.first().map(|release| release.channels_once()).unwrap_or_default();
                let page = page(&format!("#day-{date}"));
                Self { page, sentence, marks: Marks { channels, ..plain.marks }, ..plain }
            }
        }
    }

    fn with_release(self, release: &Release, project: &'a Project, catalog: &'a Catalog) -> Self {
        let stability = release.stability_now(project.prerelease_flag);
        let platforms: Vec<&'a Platform> = catalog.platforms_with(&project.id, &release.version).collect();
        let channels = release.channels_once();
        let mut badges = Badge::warnings(Some(stability), release.presence());
        badges.extend(Badge::of_platforms(&platforms));
        badges.extend(Badge::of_channels(&channels));
        let marks = Marks { channels, platforms, stabilities: vec![stability], ..self.marks };
        let page = format!("{}#{}", project.page(), fragment(release.version.canonical()));
        Self { badges, marks, page, version: Some(release.version.clone()), ..self }
    }

    /// Notes are rendered when it is known that they are shown: most items go again before.
    fn with_notes(self, release: &Release) -> Self {
        Self { told: Some(Box::new(release.clone())), ..self }
    }

    fn tell(mut self) -> Self {
        if let Some(release) = self.told.take() {
            let (notes, sentence) = excerpt(&release, NOTES);
            self.sentence = shorten(&sentence.unwrap_or_default());
            self.notes = notes;
        }
        self
    }

    fn with_security(mut self, candidate: &Candidate<'_>) -> Self {
        if candidate.is_security() {
            let place = self.badges.iter().take_while(|badge| badge.is_warning()).count();
            self.badges.insert(place, Badge::security());
        }
        self
    }
}

fn shorten(text: &str) -> String {
    notes::xml_text(&notes::shorten(text, SENTENCE)).into_owned()
}

/// The title without the project's name, under which it stands.
fn title(candidate: &Candidate<'_>, project: &Project) -> String {
    if let Subject::Day(_, releases) = &candidate.subject {
        return format!("{} release{}", releases.len(), if releases.len() == 1 { "" } else { "s" });
    }
    if let Subject::Release(release) = &candidate.subject {
        return notes::xml_text(&release.text).into_owned();
    }
    let title = &candidate.entry.title;
    let rest = title.strip_prefix(project.name.as_str()).map(|rest| rest.trim_start_matches([':', ' ']));
    notes::xml_text(rest.filter(|rest| !rest.is_empty()).unwrap_or(title)).into_owned()
}
