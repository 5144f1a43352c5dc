//! GitHub's alerts (`> [!NOTE]`), which are quotations with a title.

use comrak::{Arena, Node, nodes::NodeValue};

/// Makes quotations of alerts, each with its title as its first paragraph.
pub(super) fn quote<'a>(root: Node<'a>, arena: &'a Arena<'a>) {
    let title = |node: Node<'a>| match &node.data().value {
        NodeValue::Alert(alert) => Some((node, alert.title.clone().unwrap_or(alert.alert_type.default_title().into()))),
        _ => None,
    };
    let alerts: Vec<_> = root.descendants().filter_map(title).collect();
    for (alert, title) in alerts {
        alert.data_mut().value = NodeValue::BlockQuote;
        let paragraph = arena.alloc(NodeValue::Paragraph.into());
        let strong = arena.alloc(NodeValue::Strong.into());
        strong.append(arena.alloc(NodeValue::Text(title.into()).into()));
        paragraph.append(strong);
        alert.prepend(paragraph);
    }
}
