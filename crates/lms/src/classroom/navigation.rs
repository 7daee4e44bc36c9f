//! Where a learner may go inside a SCORM package: on, back, or to an activity of their choice.
//!
//! Of SCORM 2004 sequencing this knows the control modes (`choice`, `choiceExit`, `flow`, `forwardOnly`), what is
//! visible, and which of the site's own controls a package hides; SN section 3.2 has their defaults, SB.2.1, SB.2.7,
//! SB.2.8 and SB.2.9 the checks. It knows no rules, limits or objectives: nothing is skipped, disabled or retried. SCORM
//! 1.2 has none of this: every activity may be chosen, and they follow each other.

use scormbridge_core::modscorm::{ScoRow, ScoTree};

use super::grading::{activities, standings};
use super::scorm::ScormTrack;

fn said<'a>(row: &'a ScoRow, name: &str) -> Option<&'a str> {
    let value = row.data.iter().find(|(known, _)| known == name);
    value.map(|(_, value)| value.as_str())
}

fn is_set(row: &ScoRow, name: &str) -> bool {
    said(row, name) == Some("1")
}

/// What a cluster lets its children do. Clusters of SCORM 1.2 say nothing and let everything.
struct Mode {
    choice: bool,
    choice_exit: bool,
    flow: bool,
    forward_only: bool,
}

impl Mode {
    fn of(tree: &ScoTree, cluster: &ScoRow) -> Self {
        let simple = tree.version == "SCORM_1.2";
        Self {
            choice: said(cluster, "choice") != Some("0"),
            choice_exit: said(cluster, "choiceexit") != Some("0"),
            flow: simple || is_set(cluster, "flow"),
            forward_only: is_set(cluster, "forwardonly"),
        }
    }
}

fn parent<'a>(tree: &'a ScoTree, row: &ScoRow) -> Option<&'a ScoRow> {
    // An organization's own row names no organization, and has no parent.
    let organization = row.organization.as_str();
    let holds = |other: &&ScoRow| {
        other.identifier == row.parent
            && (other.organization == organization || other.identifier == organization)
    };
    (!organization.is_empty())
        .then(|| tree.scoes.iter().find(holds))
        .flatten()
}

/// The clusters around an activity, the nearest first. As long as the tree at most, whatever the rows say.
fn around<'a>(tree: &'a ScoTree, row: &'a ScoRow) -> Vec<&'a ScoRow> {
    let up = std::iter::successors(parent(tree, row), |cluster| parent(tree, cluster));
    up.take(tree.scoes.len()).collect()
}

fn same(one: &ScoRow, other: &ScoRow) -> bool {
    one.sortorder == other.sortorder
}

/// The clusters from the one that holds both activities down to the one around `to`.
fn entered<'a>(tree: &'a ScoTree, from: &'a ScoRow, to: &'a ScoRow) -> Vec<&'a ScoRow> {
    let left = around(tree, from);
    let mut path = Vec::new();
    for cluster in around(tree, to) {
        path.push(cluster);
        if left.iter().any(|one| same(one, cluster)) {
            break;
        }
    }
    path
}

/// Whether the table of contents shows an activity.
#[must_use]
pub fn visible(row: &ScoRow) -> bool {
    said(row, "isvisible") != Some("false")
}

/// Where a learner who names nothing goes on: the first SCO that is not over, else the one the package begins with.
#[must_use]
pub fn next_activity<'a>(tree: &'a ScoTree, tracks: &[ScormTrack]) -> Option<&'a ScoRow> {
    let standings = standings(tree, tracks);
    let open = standings
        .iter()
        .find(|(row, standing)| row.scormtype == "sco" && !standing.over);
    let first = || {
        standings
            .iter()
            .find(|(row, _)| Some(row.sortorder) == tree.launch_sortorder)
    };
    open.or_else(first)
        .or_else(|| standings.first())
        .map(|(row, _)| *row)
}

fn neighbour<'a>(tree: &'a ScoTree, here: &ScoRow, step: isize) -> Option<&'a ScoRow> {
    let all: Vec<_> = activities(tree).collect();
    let at = all.iter().position(|row| same(row, here))?;
    all.get(at.checked_add_signed(step)?).copied()
}

/// The activity that `continue` leads to: the next one, where the clusters on the way let learners flow (SB.2.7).
#[must_use]
pub fn next<'a>(tree: &'a ScoTree, here: &'a ScoRow) -> Option<&'a ScoRow> {
    let to = neighbour(tree, here, 1)?;
    let flows = |cluster: &ScoRow| Mode::of(tree, cluster).flow;
    let leaves = parent(tree, here).is_none_or(flows);
    (leaves && entered(tree, here, to).into_iter().all(flows)).then_some(to)
}

/// The activity that `previous` leads to (SB.2.8): flow as for [`next`], and no cluster that only goes forward.
#[must_use]
pub fn previous<'a>(tree: &'a ScoTree, here: &'a ScoRow) -> Option<&'a ScoRow> {
    let to = neighbour(tree, here, -1)?;
    let flows_back = |cluster: &ScoRow| {
        let mode = Mode::of(tree, cluster);
        mode.flow && !mode.forward_only
    };
    let leaves = parent(tree, here).is_none_or(flows_back);
    (leaves && entered(tree, here, to).into_iter().all(flows_back)).then_some(to)
}

/// [`next`], unless the package hides the site's control for it because it has its own.
#[must_use]
pub fn next_button<'a>(tree: &'a ScoTree, here: &'a ScoRow) -> Option<&'a ScoRow> {
    next(tree, here).filter(|_| !is_set(here, "hidecontinue"))
}

/// [`previous`], unless the package hides the site's control for it.
#[must_use]
pub fn previous_button<'a>(tree: &'a ScoTree, here: &'a ScoRow) -> Option<&'a ScoRow> {
    previous(tree, here).filter(|_| !is_set(here, "hideprevious"))
}

/// Whether a learner may open `to` by naming it: it is where they would go on, or may be chosen from there.
#[must_use]
pub fn may_open(tree: &ScoTree, tracks: &[ScormTrack], to: &ScoRow) -> bool {
    next_activity(tree, tracks).is_none_or(|here| same(here, to) || may_choose(tree, here, to))
}

/// Whether a learner at `here` may choose `to` (SB.2.9): its cluster lets its children be chosen, no cluster that is
/// left on the way keeps its learners, and none that holds both only goes forward while `to` lies behind.
#[must_use]
pub fn may_choose(tree: &ScoTree, here: &ScoRow, to: &ScoRow) -> bool {
    if tree.version == "SCORM_1.2" {
        return true;
    }
    let chosen = parent(tree, to).is_none_or(|cluster| Mode::of(tree, cluster).choice);
    let targets = around(tree, to);
    let holds_both = |cluster: &ScoRow| targets.iter().any(|one| same(one, cluster));
    let clusters = around(tree, here);
    let kept = clusters
        .iter()
        .take_while(|cluster| !holds_both(cluster))
        .any(|cluster| !Mode::of(tree, cluster).choice_exit);
    let common = clusters.iter().find(|cluster| holds_both(cluster));
    let behind = to.sortorder < here.sortorder
        && common.is_some_and(|cluster| Mode::of(tree, cluster).forward_only);
    chosen && !kept && !behind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(sortorder: u32, parent: &str, identifier: &str, data: &[(&str, &str)]) -> ScoRow {
        let organization = parent == "/";
        ScoRow {
            organization: if organization { "" } else { "org" }.to_owned(),
            parent: parent.to_owned(),
            identifier: identifier.to_owned(),
            launch: if organization || identifier.starts_with("cluster") {
                String::new()
            } else {
                format!("{identifier}.html")
            },
            scormtype: "sco".to_owned(),
            sortorder,
            data: data
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..ScoRow::default()
        }
    }

    /// `a`, then a cluster of `b` and `c`, then `d`, in clusters that say what is given.
    fn tree(version: &str, outer: &[(&str, &str)], inner: &[(&str, &str)]) -> ScoTree {
        ScoTree {
            version: version.to_owned(),
            scoes: vec![
                row(1, "/", "org", outer),
                row(2, "org", "a", &[]),
                row(3, "org", "cluster", inner),
                row(4, "cluster", "b", &[("hidecontinue", "1")]),
                row(5, "cluster", "c", &[]),
                row(6, "org", "d", &[("isvisible", "false")]),
            ],
            launch: Some("a".to_owned()),
            launch_sortorder: Some(2),
            warnings: Vec::new(),
        }
    }

    fn at<'a>(tree: &'a ScoTree, identifier: &str) -> &'a ScoRow {
        tree.scoes
            .iter()
            .find(|row| row.identifier == identifier)
            .unwrap()
    }

    type Step = for<'a> fn(&'a ScoTree, &'a ScoRow) -> Option<&'a ScoRow>;

    /// Where a step leads from each activity, `-` for nowhere.
    fn steps(tree: &ScoTree, step: Step) -> String {
        let from = ["a", "b", "c", "d"];
        let to = from.map(|here| step(tree, at(tree, here)).map_or("-", |row| &row.identifier));
        to.concat()
    }

    const FLOW: (&str, &str) = ("flow", "1");

    #[test]
    fn learners_flow_where_every_cluster_on_the_way_lets_them() {
        for (version, outer, inner, on, back) in [
            ("SCORM_1.2", &[][..], &[][..], "bcd-", "-abc"),
            ("SCORM_1.3", &[], &[], "----", "----"),
            ("SCORM_1.3", &[FLOW], &[FLOW], "bcd-", "-abc"),
            ("SCORM_1.3", &[FLOW], &[], "----", "----"),
            ("SCORM_1.3", &[], &[FLOW], "-c--", "--b-"),
            (
                "SCORM_1.3",
                &[FLOW, ("forwardonly", "1")],
                &[FLOW],
                "bcd-",
                "--b-",
            ),
            (
                "SCORM_1.3",
                &[FLOW],
                &[FLOW, ("forwardonly", "1")],
                "bcd-",
                "----",
            ),
        ] {
            let tree = tree(version, outer, inner);
            let what = format!("{version} {outer:?} {inner:?}");
            assert_eq!(steps(&tree, next), on, "continue: {what}");
            assert_eq!(steps(&tree, previous), back, "previous: {what}");
        }
    }

    #[test]
    fn a_package_may_hide_the_sites_controls_and_entries() {
        let tree = tree("SCORM_1.3", &[FLOW], &[FLOW]);
        assert_eq!(steps(&tree, next_button), "b-d-");
        assert_eq!(steps(&tree, previous_button), "-abc");
        assert!(visible(at(&tree, "a")) && !visible(at(&tree, "d")));
    }

    #[test]
    fn learners_choose_what_its_cluster_offers_and_stay_where_theirs_keeps_them() {
        for (outer, inner, from, to, may) in [
            (&[][..], &[][..], "a", "c", true),
            (&[("choice", "0")], &[], "b", "a", false),
            (&[("choice", "0")], &[], "b", "c", true),
            (&[], &[("choice", "0")], "a", "c", false),
            (&[], &[("choiceexit", "0")], "b", "d", false),
            (&[], &[("choiceexit", "0")], "b", "c", true),
            (&[("forwardonly", "1")], &[], "c", "a", false),
            (&[("forwardonly", "1")], &[], "a", "c", true),
            (&[], &[("forwardonly", "1")], "c", "a", true),
        ] {
            let tree = tree("SCORM_1.3", outer, inner);
            let found = may_choose(&tree, at(&tree, from), at(&tree, to));
            assert_eq!(found, may, "{outer:?} {inner:?}: {to} from {from}");
        }
        let simple = tree("SCORM_1.2", &[("choice", "0")], &[]);
        assert!(may_choose(&simple, at(&simple, "b"), at(&simple, "a")));
    }

    #[test]
    fn rows_that_name_each_other_as_parents_end() {
        let mut tree = tree("SCORM_1.3", &[FLOW], &[FLOW]);
        tree.scoes[2].parent = "cluster".to_owned();
        assert_eq!(around(&tree, at(&tree, "b")).len(), tree.scoes.len());
    }
}
