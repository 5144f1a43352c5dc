//! Aligned columns of plain text.

use crate::report::printable;

/// What stands where there is nothing.
pub(super) const NONE: &str = "-";
/// What stands between columns.
const GAP: &str = "  ";

/// The rows as lines, each column as wide as its widest cell.
pub(super) fn table<const N: usize>(rows: impl Iterator<Item = [String; N]>) -> Vec<u8> {
    let rows: Vec<_> = rows.map(|row| row.map(|cell| printable(&cell))).collect();
    let widths: [usize; N] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default());
    let line = |row: &[String; N]| {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join(GAP).trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect::<String>().into_bytes()
}
