//! The file in pieces, a table each: whole, ten thousand tables take ten times the memory that reading them leaves.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use toml_parser::{Source, lexer::TokenKind};

/// The pieces of a file: its beginning, and one from each `[[` on that opens a line outside of all brackets.
pub(super) fn pieces(text: &str) -> impl ExactSizeIterator<Item = Range<usize>> {
    let (mut starts, mut depth, mut opens_line) = (vec![0], 0_usize, true);
    let mut tokens = Source::new(text).lex().peekable();
    while let Some(token) = tokens.next() {
        let is_list = tokens.peek().is_some_and(|next| next.kind() == TokenKind::LeftSquareBracket);
        match token.kind() {
            TokenKind::LeftSquareBracket => {
                starts.extend((opens_line && depth == 0 && is_list).then(|| token.span().start()));
                depth += 1;
            }
            TokenKind::LeftCurlyBracket => depth += 1,
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
        opens_line = token.kind() == TokenKind::Newline || (opens_line && token.kind() == TokenKind::Whitespace);
    }
    let ends: Vec<_> = starts.iter().copied().skip(1).chain([text.len()]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| start..end)
}

/// The one table of a piece, `[name]` at the file's beginning and `[[name]]` later; none where the piece is anything else.
pub(super) fn table<'t>(text: &'t str, piece: &Range<usize>) -> Option<(String, Spanned<DeValue<'t>>)> {
    let mut tables = DeTable::parse(text.get(piece.clone())?).ok()?.into_inner().into_iter();
    let (Some((name, value)), None) = (tables.next(), tables.next()) else { return None };
    let table = match value.get_ref() {
        DeValue::Table(_) if piece.start == 0 => value,
        DeValue::Array(items) if piece.start > 0 && items.len() == 1 => {
            let DeValue::Array(items) = value.into_inner() else { return None };
            items.into_iter().next()?
        }
        _ => return None,
    };
    Some((name.into_inner().into_owned(), moved(table, piece.start)))
}

/// The same value so many bytes further on.
fn moved(value: Spanned<DeValue<'_>>, by: usize) -> Spanned<DeValue<'_>> {
    let further = |place: Range<usize>| place.start + by..place.end + by;
    let place = further(value.span());
    let value = match value.into_inner() {
        DeValue::Array(items) => DeValue::Array(items.into_iter().map(|item| moved(item, by)).collect()),
        DeValue::Table(table) => {
            let entries = table.into_iter().map(|(key, value)| {
                let place = further(key.span());
                (Spanned::new(place, key.into_inner()), moved(value, by))
            });
            DeValue::Table(entries.collect())
        }
        value => value,
    };
    Spanned::new(place, value)
}
