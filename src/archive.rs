//! The memory as a person at a terminal reads it: nobody is asked, no lock is taken, and nothing is written.

use crate::{
    catalog::Catalog,
    cli::{self, Places},
    history::{History, MemoryError, Reader, States},
    model::{Project, Roots},
    overview::{Course, LineRow, Overview},
    version::Line,
};

/// A catalog and what is remembered of its projects, each history read when it is asked for.
#[derive(Debug)]
pub struct Archive<'c> {
    /// What the memory is of.
    pub catalog: &'c Catalog,
    /// Where everything stands.
    pub roots: Roots,
    reader: Reader,
    states: States,
}

impl<'c> Archive<'c> {
    /// What is remembered at these places.
    ///
    /// # Errors
    /// When nothing is, or it cannot be understood.
    pub fn open(places: &Places, catalog: &'c Catalog) -> Result<Self, MemoryError> {
        let (reader, states) = Reader::open(&places.site, &catalog.projects)?;
        Ok(Self { catalog, roots: cli::roots(&catalog.site.url), reader, states })
    }

    /// What the catalog shows of a project.
    ///
    /// # Errors
    /// When its history cannot be read.
    pub fn history(&self, project: &Project) -> Result<History, MemoryError> {
        let names =
            self.catalog.home(project).map(|home| self.states.of_project(&home.id).names(home)).unwrap_or_default();
        Ok(self.reader.history(project)?.admitted(project, &names))
    }

    /// A project's row.
    ///
    /// # Errors
    /// When its history cannot be read.
    pub fn overview(&self, project: &'c Project) -> Result<Overview<'c>, MemoryError> {
        let history = self.history(project)?;
        let course = Course::of(project, &history, self.catalog, &self.roots);
        let states = self.states.of_project(&project.id);
        Ok(Overview::of(project, &history, &course, self.catalog, &states, &self.roots))
    }

    /// How far a line of a project has come; none when there is nothing of it.
    ///
    /// # Errors
    /// When its history cannot be read.
    pub fn line(&self, project: &Project, line: &Line) -> Result<Option<LineRow>, MemoryError> {
        Ok(LineRow::one(line, project, &self.history(project)?, &self.roots))
    }
}
