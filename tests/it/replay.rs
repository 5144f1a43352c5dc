//! Nights one after the other through the real program, and what the readers of every feed are told in each.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::{
    run::{Toy, catalog_of, read_into},
    world::World,
};

/// What readers know of an entry besides its id: title, date, link.
type Known = [String; 3];

/// A site over several nights, seen by a reader who has subscribed to everything.
pub(crate) struct Replay {
    pub(crate) toy: Toy,
    /// What was in each feed after the last night, by id.
    feeds: BTreeMap<String, BTreeMap<String, Known>>,
    /// All that was ever told.
    told: BTreeMap<String, Known>,
    /// What the memory held after the last night: releases, tags, days and events.
    remembered: BTreeSet<String>,
}

impl Replay {
    /// With these projects alone in the catalog.
    pub(crate) fn of(world: World, projects: &[&str]) -> Self {
        Self {
            toy: Toy::of(world, &catalog_of(projects)),
            feeds: BTreeMap::new(),
            told: BTreeMap::new(),
            remembered: BTreeSet::new(),
        }
    }

    pub(crate) fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.toy.world()
    }

    /// A night over the world as it is: which entries are new, and in which feeds, as `id: feed …`. No entry that
    /// readers know may change or leave a feed, nor may one enter below what they have seen.
    pub(crate) fn night(&mut self, now: &str) -> Vec<String> {
        let before = std::mem::take(&mut self.remembered);
        let (new, gone) = self.any_night(now);
        assert!(gone.is_empty(), "{now}: left a feed: {gone:?}");
        let forgotten: Vec<_> = before.difference(&self.remembered).collect();
        assert!(forgotten.is_empty(), "{now}: forgotten: {forgotten:?}");
        new
    }

    /// A night after which nothing is new.
    pub(crate) fn quiet_night(&mut self, now: &str) {
        assert_eq!(self.night(now), [""; 0], "{now}");
    }

    /// A night that may take entries from feeds, too: gives what is new and what is gone.
    pub(crate) fn any_night(&mut self, now: &str) -> (Vec<String>, Vec<String>) {
        self.toy.good_night(now);
        self.look(now)
    }

    /// What changed in the feeds since the last look.
    pub(crate) fn look(&mut self, now: &str) -> (Vec<String>, Vec<String>) {
        let feeds = self.read();
        let first = self.feeds.is_empty();
        let (mut new, mut gone) = (BTreeMap::new(), BTreeMap::new());
        for (feed, entries) in &feeds {
            let before = self.feeds.get(feed).cloned().unwrap_or_default();
            for id in entries.keys().filter(|id| !before.contains_key(*id)) {
                if !first && !feed.starts_with("projects/") {
                    assert_above(now, feed, &entries[id], &before);
                }
                new.entry(id.clone()).or_insert_with(BTreeSet::new).insert(feed.clone());
            }
            for id in before.keys().filter(|id| !entries.contains_key(*id)) {
                gone.entry(id.clone()).or_insert_with(BTreeSet::new).insert(feed.clone());
            }
            for (id, entry) in entries {
                let told = self.told.entry(id.clone()).or_insert_with(|| entry.clone());
                assert_eq!(entry, told, "{now}: {id} changed in {feed}");
            }
        }
        self.feeds = feeds;
        self.remembered = self.remember();
        (lines(new), lines(gone))
    }

    /// Every JSON feed of the site; each is in its order, and no two of its entries have one date.
    fn read(&self) -> BTreeMap<String, BTreeMap<String, Known>> {
        let mut files = BTreeMap::new();
        for folder in ["feeds", "platforms", "projects"] {
            read_into(&mut files, &self.toy.path(folder), &format!("{folder}/"));
        }
        let names = files.keys().filter_map(|name| name.strip_suffix(".json")).map(str::to_owned);
        let feed = |name: String| {
            let entries = self.toy.entries(&name);
            assert!(entries.is_sorted_by(|[_, _, a, _], [_, _, b, _]| a > b), "{name}: {entries:#?}");
            let ids: BTreeSet<_> = entries.iter().map(|[id, ..]| id).collect();
            assert_eq!(ids.len(), entries.len(), "{name} has an entry twice: {entries:#?}");
            let by_id = entries.into_iter().map(|[id, title, date, link]| (short(&id), [title, date, link]));
            (name, by_id.collect())
        };
        names.chain(["feed".to_owned()]).map(feed).collect()
    }
}

impl Replay {
    /// What the memory must never lose: every tag and version with what is frozen of it, every event and day.
    fn remember(&self) -> BTreeSet<String> {
        let mut files = BTreeMap::new();
        read_into(&mut files, &self.toy.path("data/projects"), "");
        let mut all = BTreeSet::new();
        for history in files.values().map(|bytes| serde_json::from_slice::<Value>(bytes).unwrap()) {
            let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
            // A seed is not recorded yet: what its source does not know of it may go.
            for release in list(&history, "releases").into_iter().filter(|release| !release["recorded"].is_null()) {
                let frozen = ["released", "recorded", "stability"].map(|key| release[key].to_string());
                all.insert(format!("{} {}", release["version"], frozen.join(" ")));
                all.extend(release.get("entry").map(Value::to_string));
                let tags = list(&release, "channels").into_iter().flat_map(|channel| {
                    list(&channel, "tags").into_iter().map(move |tag| (channel["channel"].clone(), tag["tag"].clone()))
                });
                all.extend(tags.map(|(channel, tag)| format!("{channel} {tag} of {}", release["version"])));
                all.extend(list(&release, "events").iter().map(Value::to_string));
            }
            all.extend(["days", "events"].iter().flat_map(|key| list(&history, key)).map(|item| item.to_string()));
        }
        all
    }
}

/// Readers pass over what is dated before their last look, unless it is so old that it is no news.
fn assert_above(now: &str, feed: &str, [title, date, _]: &Known, before: &BTreeMap<String, Known>) {
    let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let newest = before.values().map(|[_, date, _]| date).max();
    let old = moment(now) - moment(date) >= TimeDelta::days(30);
    assert!(old || Some(date) > newest, "{now}: {title} entered {feed} at {date}, below {newest:?}");
}

fn short(id: &str) -> String {
    id.strip_prefix("tag:example.org,2026:").unwrap_or_else(|| panic!("{id}")).to_owned()
}

fn lines(entries: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let line = |(id, feeds): (String, BTreeSet<String>)| {
        let feeds: Vec<_> = feeds.into_iter().collect();
        format!("{id}: {}", feeds.join(" "))
    };
    entries.into_iter().map(line).collect()
}
