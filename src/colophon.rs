//! What a site was made of: when that is the same, and nobody touched the site since, there is nothing to make.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    time::SystemTime,
};

use crate::{
    file::{self, FileError, Written},
    model::Roots,
    publish::{COLOPHON, Site},
};

/// What a site was made of, the program, the catalog, the addresses and the memory, and what was made, each file by its
/// size and the moment at which it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Colophon(String);

impl Colophon {
    /// Of the site in this folder as it stands there, for this catalog and these addresses; none where the system does
    /// not say what the program is.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn of(site: &Path, catalog: &Path, roots: &Roots) -> Result<Option<Self>, FileError> {
        let program = env::current_exe().ok().and_then(|path| stamp(&path));
        let Some(program) = program else { return Ok(None) };
        let mut made_of = DefaultHasher::new();
        (program, env!("CARGO_PKG_VERSION"), roots.site.as_str(), roots.pypi.as_str()).hash(&mut made_of);
        let mut memory = file::list(&site.join("data/projects"))?;
        memory.push(site.join("data/sources.json"));
        for path in std::iter::once(catalog.to_owned()).chain(memory).filter(|path| path.is_file()) {
            path.hash(&mut made_of);
            fs::read(&path).map_err(FileError::of("read", &path))?.hash(&mut made_of);
        }
        let mut files = 0_u64;
        for path in Site::files(site) {
            let path = path?;
            let mut file = DefaultHasher::new();
            (&path, stamp(&path)).hash(&mut file);
            // A sum, for they come in no order.
            files = files.wrapping_add(file.finish());
        }
        Ok(Some(Self(format!("{:016x} {files:016x}\n", made_of.finish()))))
    }

    /// Whether the last run that made anything left this.
    pub(crate) fn is_kept(&self, site: &Path) -> bool {
        file::read(&site.join(COLOPHON)).is_ok_and(|kept| kept.is_some_and(|kept| kept == self.0.as_bytes()))
    }

    /// Keeps it for the next run.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(crate) fn keep(&self, site: &Path) -> Result<Written, FileError> {
        file::write(&site.join(COLOPHON), |out| out.write_all(self.0.as_bytes()))
    }
}

/// By what a file is known to be untouched: its size, and when it was written.
fn stamp(path: &Path) -> Option<(u64, SystemTime)> {
    let file = fs::metadata(path).ok()?;
    Some((file.len(), file.modified().ok()?))
}
