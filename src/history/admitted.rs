//! What the catalog admits of what is remembered: a catalog that is narrowed hides, and nothing is forgotten.

use super::History;
use crate::{
    model::{Channel, ChannelRecord, Project, Source},
    version::Version,
};

impl History {
    /// What is to be shown of it, and whether that is the project's own, whose repository has or had these `names`.
    #[must_use]
    pub fn admitted(mut self, project: &Project, names: &[String]) -> Self {
        for release in &mut self.releases {
            let records = std::mem::take(&mut release.channels).into_iter();
            release.channels = records.filter_map(|record| project.admitted(record, &release.version)).collect();
        }
        self.releases.retain(|release| !release.channels.is_empty());
        for tag in
            self.releases.iter_mut().flat_map(|release| &mut release.channels).flat_map(|record| &mut record.tags)
        {
            tag.verification = tag.provenance.as_ref().and_then(|provenance| provenance.verify(names));
        }
        let dates: Vec<_> = self.releases.iter().map(|release| release.released.date_naive()).collect();
        self.days.retain(|day| dates.contains(&day.date));
        self
    }
}

impl Project {
    /// Whether a tag of one of its sources is the project's own, when it names this version.
    ///
    /// Words may be on record that stand for the project no more, as its former name: only a pattern tells tags apart.
    pub(super) fn admits(&self, source: &Source, tag: &str, version: &Version) -> bool {
        match source.channel {
            Channel::Github => self.github.as_ref().is_some_and(|repository| {
                repository.tags.as_ref().is_none_or(|pattern| pattern.version_text(tag).is_some())
            }),
            Channel::Pypi => {
                let package = self.pypi.iter().find(|package| source.channel.is_same(&package.name, &source.name));
                package.is_some_and(|package| package.is_own(version))
            }
        }
    }

    /// What is the project's own of a record.
    pub(super) fn admitted(&self, mut record: ChannelRecord, version: &Version) -> Option<ChannelRecord> {
        let source = self.sources().find(|source| record.is_of(source))?;
        record.tags.retain(|tag| self.admits(&source, &tag.tag, version));
        (!record.tags.is_empty()).then_some(record)
    }
}
