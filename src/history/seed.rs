//! Rule 13: the first whole answer of a source takes the place of what a seed said of it, in silence.

use super::{History, Seconds, join::Said};
use crate::model::Channel;

impl Said {
    /// What a seed does not hold: every source says that of itself, and anew.
    pub(super) fn strip_to_seed(&mut self) {
        self.answer.advisories = None;
        self.answer.sightings.iter_mut().for_each(|sighting| sighting.provenance = None);
    }
}

impl History {
    /// Takes out what a seed said of a source, to be said anew by the source itself, but for what could not be read. What
    /// is recorded already was confirmed by a run that did not come to its end.
    pub(super) fn forget(&mut self, said: &Said, seconds: &mut Seconds) {
        for release in &mut self.releases {
            if release.recorded.is_none() || release.channels.iter().any(|record| !record.is_of(&said.source)) {
                for record in release.channels.iter_mut().filter(|record| record.is_of(&said.source)) {
                    record.tags.retain(|tag| !said.answer.covers(&tag.tag));
                }
                release.channels.retain(|record| !record.tags.is_empty());
            }
        }
        if said.source.channel == Channel::Github {
            self.left_out.clear();
            for day in self.days.extract_if(.., |day| day.recorded.is_none()) {
                seconds.free(day.entry.announced);
            }
        }
    }

    /// Removes what the source that took the seed's place does not know.
    pub(super) fn drop_unconfirmed(&mut self, seconds: &mut Seconds) {
        self.releases.retain(|release| {
            if release.channels.is_empty() {
                release.entry.iter().for_each(|entry| seconds.free(entry.announced));
            }
            !release.channels.is_empty()
        });
    }
}
