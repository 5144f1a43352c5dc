//! Where notes stand, and where their relative links lead from there.

use url::Url;

use super::{references::Repository, text};

/// Where notes stand, which says what their relative links and references mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Option<Roots>);

/// A repository, and the addresses of its files at one tag: pages for links, contents for images.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Roots {
    repository: Repository,
    pages: Url,
    contents: Url,
}

impl Place {
    /// The release page of `tag` in the repository at `repository_url`, such as `https://github.com/owner/name`.
    #[must_use]
    pub fn tag(repository_url: &str, tag: &str) -> Self {
        let roots = || {
            let repository = Url::parse(repository_url).ok().filter(is_web)?;
            let root = |view: &str| {
                let mut url = repository.clone();
                // A tag can have slashes: each part is a segment. The empty one makes a folder of the last.
                url.path_segments_mut().ok()?.pop_if_empty().push(view).extend(tag.split('/')).push("");
                Some(url)
            };
            Some(Roots { pages: root("blob")?, contents: root("raw")?, repository: Repository::at(&repository)? })
        };
        Self(roots())
    }

    /// Nowhere: relative links are left as text, relative images as their description, and references as they are.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// The repository that `#123` is an issue of.
    pub(super) fn repository(&self) -> Option<&Repository> {
        self.0.as_ref().map(|roots| &roots.repository)
    }

    /// The absolute address of a link or image; `None` where it leads nowhere on the web, or to a person's mailbox.
    pub(super) fn resolve(&self, element: &str, address: &str) -> Option<String> {
        let address = address.trim();
        let url = match Url::parse(address) {
            Ok(url) => url,
            // What begins with `#` is a place in the notes, and those have no ids here.
            Err(url::ParseError::RelativeUrlWithoutBase) if !address.is_empty() && !address.starts_with('#') => {
                let roots = self.0.as_ref()?;
                let root = if element == "img" { &roots.contents } else { &roots.pages };
                root.join(match address.strip_prefix('/') {
                    Some(rest) if !rest.starts_with('/') => rest,
                    _ => address,
                })
                .ok()?
            }
            Err(_) => return None,
        };
        (is_web(&url) && !text::has_address(url.as_str())).then(|| url.into())
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}
