//! A run: what the sources say is joined with what is remembered, project by project, and goes on to be published.

use std::{
    collections::{BTreeSet, HashSet},
    pin::pin,
    sync::{Arc, mpsc::SyncSender},
};

use futures_util::{StreamExt, stream};
use tokio::sync::mpsc::{Receiver, Sender};

use crate::{
    BuildError, Outcome,
    catalog::Catalog,
    cli::Build,
    collect::{Asked, Collector, Turn},
    colophon::Colophon,
    edition::{Proof, Sheet},
    file::{self, Written},
    history::{History, Memory, MemoryError, ProjectStates, Reader},
    model::{Known, Project, Roots, Slug, Source},
    publish::{STATUS, Site},
    report::{self, Report, Voice},
};

/// A run while it goes on.
pub(crate) struct Night<'a> {
    options: &'a Build,
    catalog: &'a Catalog,
    roots: &'a Roots,
    memory: Memory,
    report: Report,
    /// What the site was made of, as long as that is what there is: then nothing has to be published.
    colophon: Option<Colophon>,
    /// The projects that had nothing new so far, as long as none had.
    held: Vec<&'a Project>,
    /// Those whose packages come from another project's repository: what that is called is known when all had their turn.
    parts: Vec<&'a Project>,
    /// How many files of the memory were written.
    remembered: usize,
}

/// Where projects go to be published. It hangs up when it cannot go on, and says itself why.
pub(crate) type Press<'a> = SyncSender<Sheet<'a>>;

impl<'a> Night<'a> {
    /// Reads the memory through.
    pub(crate) fn open(options: &'a Build, catalog: &'a Catalog, roots: &'a Roots) -> Result<Self, BuildError> {
        let folder = &options.places.site;
        let mut memory = Memory::open(folder, &catalog.site.authority, options.record(), options.now())?;
        memory.follow(&catalog.projects);
        report::last_answers(folder, |project, source, at| memory.answered_last(project, source, at));
        let voice = if options.places.quiet { Voice::Quiet } else { Voice::Normal };
        let report = Report::new(options.now(), voice, catalog.projects.len());
        let colophon = Colophon::of(folder, &options.places.config, roots)?.filter(|now| now.is_kept(folder));
        let (held, parts) = (Vec::new(), Vec::new());
        Ok(Self { options, catalog, roots, memory, report, colophon, held, parts, remembered: 0 })
    }

    /// What reads the histories that the run begins with.
    pub(crate) fn reader(&self) -> Reader {
        self.memory.reader()
    }

    /// The projects in the order of the day, each with what is known of its sources when the run begins.
    pub(crate) fn order(&self, collector: Option<&Collector>) -> Vec<(&'a Project, Arc<ProjectStates>)> {
        let projects = &self.catalog.projects;
        let order = collector.map_or_else(|| projects.iter().collect(), |collector| collector.order(projects));
        order.into_iter().map(|project| (project, self.memory.states().of_project(&project.id))).collect()
    }

    /// Whether all has to be published, whatever is new tonight.
    pub(crate) fn is_anew(&self) -> bool {
        self.colophon.is_none()
    }

    /// Takes each project's turn as it comes. Nothing is written before there is anything to write.
    pub(crate) fn pass(
        &mut self,
        mut turns: Receiver<Come<'a>>,
        collector: Option<&Collector>,
        press: &Press<'a>,
    ) -> Result<(), BuildError> {
        let (mut waiting, mut begun) = (Vec::new(), !self.memory.is_empty());
        while let Some(come) = turns.blocking_recv() {
            begun |= come.turn.answered();
            waiting.push(come);
            if begun {
                waiting.drain(..).try_for_each(|come| self.take(come, collector, press))?;
            }
        }
        if !waiting.is_empty() {
            let troubles = waiting.iter().flat_map(|come| come.turn.troubles());
            let causes: BTreeSet<_> = troubles.map(|trouble| format!("\n  {trouble}: {}", trouble.advice())).collect();
            return Err(BuildError::Nothing(causes.into_iter().collect()));
        }
        let written = self.memory.finish()?;
        self.count(written);
        if written == Written::Changed {
            self.release_held(press)?;
        }
        if self.colophon.is_some() {
            return Ok(());
        }
        let parts = std::mem::take(&mut self.parts);
        self.pass_on(parts, press)?;
        press.send(Sheet::Last).map_err(|_| BuildError::Stopped)
    }

    /// Joins what a project's sources said into its history, and writes that; passes it on where anything is new.
    fn take(
        &mut self,
        Come { project, turn, history }: Come<'a>,
        collector: Option<&Collector>,
        press: &Press<'a>,
    ) -> Result<(), BuildError> {
        let mut history = history?;
        self.report_turn(project, &turn, collector);
        let news = self.memory.record(project, &mut history, turn.answers);
        let written = self.memory.save(project, &history)?;
        self.count(written);
        let proof = self.proof(project, history);
        self.report.project(project, &proof.history, news);
        if written == Written::Changed {
            self.release_held(press)?;
        }
        if self.catalog.is_part(project) {
            self.parts.push(project);
        } else if self.colophon.is_some() {
            self.held.push(project);
        } else {
            press.send(Sheet::Project(Box::new(proof))).map_err(|_| BuildError::Stopped)?;
        }
        Ok(())
    }

    /// Passes on what had nothing new: the pages that show all projects are made of all of them.
    fn release_held(&mut self, press: &Press<'a>) -> Result<(), BuildError> {
        self.colophon = None;
        let held = std::mem::take(&mut self.held);
        self.pass_on(held, press)
    }

    /// Passes on projects whose turn was before, as they are remembered now.
    fn pass_on(&self, projects: Vec<&'a Project>, press: &Press<'a>) -> Result<(), BuildError> {
        if projects.is_empty() {
            return Ok(());
        }
        let memory = self.memory.reader();
        for project in projects {
            let proof = self.proof(project, memory.history(project)?);
            press.send(Sheet::Project(Box::new(proof))).map_err(|_| BuildError::Stopped)?;
        }
        Ok(())
    }

    /// A project as it is to be shown.
    fn proof(&self, project: &'a Project, history: History) -> Proof<'a> {
        let states = |project: &Project| self.memory.states().of_project(&project.id);
        let names = self.catalog.home(project).map(|home| states(home).names(home)).unwrap_or_default();
        Proof::of(project, history, states(project), &names)
    }

    fn report_turn(&mut self, project: &Project, turn: &Turn, collector: Option<&Collector>) {
        let Some(collector) = collector else { return };
        if collector.is_anonymous() && !turn.answers.is_empty() {
            self.report.anonymous();
        }
        for (source, answer) in &turn.answers {
            match answer {
                Err(trouble) => {
                    let address = collector.address(project, source);
                    self.report.failure(project, source.clone(), address, trouble.clone());
                }
                Ok(answer) if collector.is_cut_short(answer) => self.report.cut_short(),
                Ok(_) => {}
            }
        }
    }

    fn count(&mut self, written: Written) {
        self.remembered += usize::from(written == Written::Changed);
    }

    /// Writes what the run came to, and says it.
    pub(crate) fn finish(mut self, site: &Site, asked: &Asked) -> Result<Outcome, BuildError> {
        let Build { places, step_summary, .. } = self.options;
        let status = self.report.status(&self.catalog.projects, self.memory.states(), asked);
        site.write(STATUS, |out| file::write_json(out, &status))?;
        if self.colophon.is_none()
            && let Some(colophon) = Colophon::of(&places.site, &places.config, self.roots)?
        {
            colophon.keep(&places.site)?;
        }
        self.report.print(&places.site, site.published()?, self.remembered);
        if let Some(summary) = step_summary {
            self.report.workflow(summary, asked);
        }
        Ok(if self.report.is_complete() { Outcome::Complete } else { Outcome::Incomplete })
    }
}

/// A project's turn has come.
pub(crate) struct Come<'a> {
    project: &'a Project,
    turn: Turn,
    history: Result<History, MemoryError>,
}

/// Gives each project its turn in this order, with its history; those that are not asked have an empty one.
/// Where there is a press, those that are asked are printed as they are remembered: until the first answer there is nothing
/// else to do.
pub(crate) async fn ask<'a>(
    catalog: &'a Catalog,
    collector: Option<&'a Collector>,
    asked: &'a HashSet<&'a Slug>,
    order: Vec<(&'a Project, Arc<ProjectStates>)>,
    reader: Reader,
    press: Option<Press<'a>>,
    night: Sender<Come<'a>>,
) {
    let prepared = order.into_iter().map(move |(project, states)| {
        let history = reader.history(project);
        let known = match &history {
            Ok(history) if asked.contains(&project.id) => {
                let known = known(project, history, &states);
                let press = press.as_ref().filter(|_| !history.is_empty() && !catalog.is_part(project));
                // Where there is no room there is something else to do.
                _ = press.map(|press| press.try_send(Sheet::Beforehand(project, Box::new(history.clone()), states)));
                known
            }
            _ => Vec::new(),
        };
        (project, known, history)
    });
    let turns = match collector {
        Some(collector) => collector.turns(prepared).left_stream(),
        None => stream::iter(prepared).map(|(project, _, history)| (project, Turn::default(), history)).right_stream(),
    };
    let tell = async {
        let mut turns = pin!(turns);
        while let Some((project, turn, history)) = turns.next().await {
            // A night that breaks off says itself why, …
            _ = night.send(Come { project, turn, history }).await;
        }
    };
    // … and waits for no answer.
    tokio::select! {
        () = tell => {}
        () = night.closed() => {}
    }
}

/// What need not be asked of a project's sources again.
fn known(project: &Project, history: &History, states: &ProjectStates) -> Vec<(Source, Known)> {
    let known = |source: Source| {
        let known = history.known(project, &source, states.get(&source.key()));
        (source, known)
    };
    project.sources().map(known).collect()
}
