//! The signs that GitHub writes by name: `:bug:`.

use std::{borrow::Cow, sync::LazyLock};

use comrak::{Node, nodes::NodeValue};
use regex::{Captures, Regex};

use super::constant;

/// Puts signs into the place of their names, wherever these are no code.
pub(super) fn show(root: Node<'_>) {
    for node in root.descendants() {
        if let NodeValue::Text(text) = &mut node.data_mut().value
            && let Cow::Owned(shown) = with_signs(text)
        {
            *text = shown.into();
        }
    }
}

/// The text with its signs. What stands between `::` is code, though its author did not say so.
fn with_signs(text: &str) -> Cow<'_, str> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| constant(r"(^|[^\w:]):([a-z0-9_+-]{1,50}):"));
    let sign = |found: &Captures<'_>| {
        let is_code = text[found.get_match().end()..].starts_with(':');
        match emojis::get_by_shortcode(&found[2]).filter(|_| !is_code) {
            Some(emoji) => format!("{}{emoji}", &found[1]),
            None => found[0].to_owned(),
        }
    };
    NAME.replace_all(text, sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_signs_become_signs_where_they_are_no_code() {
        assert_eq!(with_signs(":bug: :+1: (:hammer_and_wrench:)"), "🐛 👍 (🛠️)");
        for text in [":nothing:", "a:bug:b", "a::bug::b", ":bug::b", "10:30:00", ":", "::"] {
            assert_eq!(with_signs(text), text);
        }
    }
}
