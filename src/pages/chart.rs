//! Pictures of time, drawn as SVG: lanes of releases, and weeks. What they show is told in words and tables as well.

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use crate::{
    model::Moment,
    overview::{Listed, Log},
    version::Stability,
};

/// How many months a chart goes back from its newest release.
const MONTHS: u32 = 24;
/// How many weeks the strip on the front page has.
const WEEKS: usize = 52;
/// The width of the time beside the names, and the heights of the months and of a lane, in pixels.
const TIME: f64 = 900.0;
const TOP: usize = 24;
const LANE: usize = 26;
/// What is left free at both ends of the time, in pixels.
const MARGIN: f64 = 10.0;

/// Lanes of releases over the months up to the newest.
pub(super) struct Chart {
    /// Where the lanes begin, behind their names.
    pub(super) left: f64,
    pub(super) last: NaiveDate,
    pub(super) ticks: Vec<Tick>,
    pub(super) lanes: Vec<Lane>,
}

/// The beginning of a quarter.
pub(super) struct Tick {
    pub(super) x: f64,
    pub(super) label: String,
}

/// A lane with its name.
pub(super) struct Lane {
    /// Which one of those given it is.
    pub(super) place: usize,
    pub(super) name: String,
    pub(super) y: usize,
    pub(super) marks: Vec<Mark>,
}

/// A release in its lane.
pub(super) struct Mark {
    pub(super) kind: MarkKind,
    pub(super) x: f64,
    /// The release and its date.
    pub(super) title: String,
}

/// What a mark is of, told apart by shape and colour; what comes later matters more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MarkKind {
    PreRelease,
    Final,
    Security,
}

impl MarkKind {
    pub(super) const ALL: [Self; 3] = [Self::Final, Self::PreRelease, Self::Security];

    pub(super) fn of(listed: &Listed<'_>) -> Self {
        match listed.stability {
            _ if listed.is_security => Self::Security,
            Stability::Final => Self::Final,
            Stability::PreRelease | Stability::Development => Self::PreRelease,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Final => "Final",
            Self::PreRelease => "Pre-release",
            Self::Security => "Security",
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::PreRelease => "pre-release",
            Self::Security => "security",
        }
    }

    /// The path of its shape around where it stands: a disc, a diamond, a triangle.
    pub(super) fn shape(self) -> &'static str {
        match self {
            Self::Final => "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
            Self::PreRelease => "m0-5l5 5-5 5-5-5z",
            Self::Security => "m0-6l6 11h-12z",
        }
    }
}

impl Chart {
    /// A chart up to `newest`, from no earlier than `since`, of these lanes, each a name and its releases, with so much
    /// room for the names; a lane with nothing in that time is left out.
    pub(super) fn up_to<'a>(
        newest: Moment,
        since: Option<NaiveDate>,
        left: f64,
        lanes: impl Iterator<Item = (String, Vec<&'a Listed<'a>>)>,
    ) -> Self {
        let last = newest.date_naive();
        let first = last.checked_sub_months(Months::new(MONTHS)).unwrap_or(last);
        let first = since.map_or(first, |since| since.max(first));
        let span = days(last - first).max(1.0);
        let x = |date: NaiveDate| left + MARGIN + (TIME - 2.0 * MARGIN) * days(date - first) / span;
        let mark = |listed: &'a Listed<'a>| {
            let date = listed.released.date_naive();
            let title = format!("{} ({date})", listed.text);
            Mark { kind: MarkKind::of(listed), x: tenth(x(date)), title }
        };
        let within = |listed: &&'a Listed<'a>| (first..=last).contains(&listed.released.date_naive());
        let lanes = lanes.enumerate().map(|(place, (name, all))| {
            let mut marks: Vec<_> = all.into_iter().filter(within).map(mark).collect();
            // What is drawn last lies on top.
            marks.sort_by_key(|mark| mark.kind);
            (place, name, marks)
        });
        let lanes = lanes.filter(|(_, _, marks)| !marks.is_empty()).enumerate();
        Self {
            left,
            last,
            ticks: quarters(first, last).map(|date| Tick { x: tenth(x(date)), label: month(date) }).collect(),
            lanes: lanes
                .map(|(at, (place, name, marks))| Lane { place, name, y: TOP + at * LANE + LANE / 2, marks })
                .collect(),
        }
    }

    pub(super) fn width(&self) -> f64 {
        self.left + TIME
    }

    pub(super) fn height(&self) -> usize {
        TOP + self.lanes.len() * LANE
    }
}

/// The first days of the quarters of a time.
fn quarters(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let month = move |months: u32| first.with_day(1)?.checked_add_months(Months::new(months));
    (0..=MONTHS).filter_map(month).filter(move |date| date.month0() % 3 == 0 && (first..=last).contains(date))
}

fn month(date: NaiveDate) -> String {
    date.format("%b %Y").to_string()
}

fn days(time: TimeDelta) -> f64 {
    i32::try_from(time.num_days()).map_or(0.0, f64::from)
}

fn tenth(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}

/// How many releases the weeks up to the newest one brought.
pub(super) struct Weeks {
    pub(super) last: NaiveDate,
    pub(super) finals: usize,
    pub(super) others: usize,
    /// Whether days of releases are among them.
    pub(super) has_days: bool,
    /// Finals and others of each week, the oldest first.
    counts: [(usize, usize); WEEKS],
}

/// A bar of a week.
pub(super) struct Bar {
    pub(super) class: &'static str,
    pub(super) x: usize,
    pub(super) top: usize,
    pub(super) height: usize,
}

impl Weeks {
    /// The height of the strip, in its own units.
    const HEIGHT: usize = 24;
    /// The width of a week.
    const STEP: usize = 10;
    /// How many weeks it has.
    pub(super) const COUNT: usize = WEEKS;
    pub(super) const WIDTH: usize = WEEKS * Self::STEP;

    pub(super) fn up_to(last: NaiveDate, log: &Log<'_>) -> Self {
        let (mut counts, mut has_days) = ([(0, 0); WEEKS], false);
        for (date, count) in log.days() {
            let back = usize::try_from((last - date).num_days() / 7).unwrap_or(WEEKS);
            let Some((finals, others)) = counts.iter_mut().rev().nth(back) else { continue };
            has_days |= count.has_days;
            *finals += count.finals;
            *others += count.others;
        }
        let (finals, others) = counts.iter().fold((0, 0), |sum, week| (sum.0 + week.0, sum.1 + week.1));
        Self { last, finals, others, has_days, counts }
    }

    /// Finals stand at the bottom, the others on them.
    pub(super) fn bars(&self) -> Vec<Bar> {
        let most = self.counts.iter().map(|(finals, others)| finals + others).max().unwrap_or(0).max(1);
        let height = |count: usize| (count * Self::HEIGHT).div_ceil(most);
        let bars = self.counts.iter().enumerate().flat_map(|(week, &(finals, others))| {
            let (low, high) = (height(finals), height(finals + others));
            let bar = |class, top: usize, height| Bar {
                class,
                x: week * Self::STEP + Self::STEP / 2,
                top: Self::HEIGHT - top,
                height,
            };
            [bar("final", low, low), bar("pre-release", high, high - low)]
        });
        bars.filter(|bar| bar.height > 0).collect()
    }
}
