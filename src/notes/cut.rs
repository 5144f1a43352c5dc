//! Notes are cut on the tree, so that what is kept is whole.

use comrak::{Node, arena_tree::NodeEdge, nodes::NodeValue};

use super::{beginning, shorten};

/// Blocks and emphasis nested deeper than this are left out: parsing HTML takes time with the square of the depth.
const MAX_DEPTH: usize = 64;

/// Leaves out what is nested too deep; says whether there was any.
pub(super) fn prune(root: Node<'_>) -> bool {
    let mut depth = 0;
    let mut too_deep = Vec::new();
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(node) => {
                depth += 1;
                if depth == MAX_DEPTH {
                    too_deep.push(node);
                }
            }
            NodeEdge::End(_) => depth -= 1,
        }
    }
    for node in &too_deep {
        node.detach();
    }
    !too_deep.is_empty()
}

/// Leaves out what is behind the first `limit` characters; says whether there was any.
pub(super) fn cut_to(root: Node<'_>, limit: usize) -> bool {
    let (mut parent, mut left, mut kept, mut cut) = (root, limit, false, false);
    loop {
        let too_long = parent.children().find(|child| match left.checked_sub(size(child)) {
            Some(rest) => {
                left = rest;
                kept |= !matches!(child.data().value, NodeValue::Heading(_) | NodeValue::TableRow(true));
                false
            }
            None => true,
        });
        let Some(node) = too_long else { return cut };
        cut = true;
        while let Some(next) = node.next_sibling() {
            next.detach();
        }
        // A list or table ends at an item or row; a text is cut only where it is all that there is.
        let divisible = matches!(node.data().value, NodeValue::List(_) | NodeValue::Table(_));
        if (divisible || !kept) && node.first_child().is_some() {
            parent = node;
            continue;
        }
        if kept || !shorten_literal(&mut node.data_mut().value, left) {
            remove(node);
        }
        // A heading with nothing below it promises too much.
        let heading = |node: &Node<'_>| kept && matches!(node.data().value, NodeValue::Heading(_));
        while let Some(last) = root.last_child().filter(heading) {
            last.detach();
        }
        return true;
    }
}

/// The characters in a part of the tree. What has no text counts for one: so a limit bounds the tree as well.
fn size(node: Node<'_>) -> usize {
    let of = |node: Node<'_>| match &node.data().value {
        NodeValue::Text(text) => text.chars().count(),
        NodeValue::Code(code) => code.literal.chars().count(),
        NodeValue::CodeBlock(block) => block.literal.chars().count().max(1),
        NodeValue::HtmlBlock(block) => block.literal.chars().count(),
        NodeValue::HtmlInline(html) => html.chars().count(),
        NodeValue::Link(_) if node.first_child().is_none() => 1,
        NodeValue::List(_) | NodeValue::Table(_) | NodeValue::Emph | NodeValue::Strong | NodeValue::Link(_) => 0,
        _ => 1,
    };
    node.descendants().map(of).sum()
}

/// Cuts what stands in a leaf of the tree; says whether anything remains.
fn shorten_literal(value: &mut NodeValue, limit: usize) -> bool {
    let lines = |text: &mut String| {
        let end = text.char_indices().nth(limit).map_or(text.len(), |(end, _)| end);
        let kept = beginning(text, end).len();
        text.truncate(kept);
        kept > 0
    };
    match value {
        NodeValue::Text(text) => {
            *text = shorten(text, limit).into_owned().into();
            !text.is_empty()
        }
        NodeValue::Code(code) => lines(&mut code.literal),
        NodeValue::CodeBlock(block) => lines(&mut block.literal),
        NodeValue::HtmlBlock(block) => lines(&mut block.literal),
        _ => false,
    }
}

/// Removes a node, and what is empty without it.
fn remove(node: Node<'_>) {
    let mut node = node;
    while let Some(parent) = node.parent() {
        node.detach();
        if parent.first_child().is_some() {
            break;
        }
        node = parent;
    }
}
