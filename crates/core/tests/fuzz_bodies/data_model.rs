//! What a browser reports: a batch of the journal, and what it does to an attempt.

use std::collections::BTreeMap;

use scormbridge_core::{
    cmi::{self, LaunchContext, Mode, Replay, Session, StateLimits, Stored},
    journal::{BatchLimits, Entry, MAX_SAFE_INTEGER, Op, parse_batch},
};

use super::{ACCEPTED, NOT_TEXT, Verdict};

/// Narrow enough that small inputs meet them.
const NARROW: BatchLimits = BatchLimits {
    bytes: 4096,
    entries: 8,
    element_bytes: 40,
    value_bytes: 64,
};

/// A batch is taken whole or not at all; written again it is the same batch; limits only take away.
pub fn journal(data: &[u8]) -> Verdict {
    let Ok(json) = std::str::from_utf8(data) else {
        return NOT_TEXT;
    };
    let verdict = batch(json, &BatchLimits::default());
    match parse_batch(json, &NARROW) {
        Ok(entries) => {
            within(&entries, &NARROW);
            assert_eq!(verdict.as_ref(), Ok(&entries), "narrow limits allowed more");
        }
        Err(error) => assert!(error.reason().starts_with("journal_")),
    }
    verdict.map_or_else(|reason| reason, |_| ACCEPTED)
}

fn batch(json: &str, limits: &BatchLimits) -> Result<Vec<Entry>, Verdict> {
    let entries = parse_batch(json, limits).map_err(|error| {
        assert!(!error.to_string().is_empty());
        error.reason()
    })?;
    within(&entries, limits);
    let again = serde_json::to_string(&entries).expect("entries can be written");
    assert_eq!(parse_batch(&again, limits).as_ref(), Ok(&entries));
    Ok(entries)
}

fn within(entries: &[Entry], limits: &BatchLimits) {
    assert!(entries.len() <= limits.entries);
    for pair in entries.windows(2) {
        assert_eq!(pair[0].seq + 1, pair[1].seq, "no gap, no repetition");
    }
    for entry in entries {
        assert!((1..=MAX_SAFE_INTEGER).contains(&entry.seq));
        assert!(entry.at.unsigned_abs() <= MAX_SAFE_INTEGER);
        assert_eq!(entry.op == Op::Set, entry.element.is_some());
        assert_eq!(entry.op == Op::Set, entry.value.is_some());
        for (text, limit) in [
            (&entry.element, limits.element_bytes),
            (&entry.value, limits.value_bytes),
        ] {
            assert!(
                text.as_ref()
                    .is_none_or(|text| text.len() <= limit && !text.contains('\0'))
            );
        }
    }
}

/// Four lines: the launch's context, what is stored (an array of pairs), the session, and the batch, each in JSON.
/// The same arguments give the same answer, however the batch is cut; what is sent again changes nothing; a preview
/// writes nothing; what is written can be launched again.
pub fn replay(data: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(data) else {
        return NOT_TEXT;
    };
    let mut lines = text.splitn(4, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (Ok(mut context), Ok(stored), Ok(session)) = (
        serde_json::from_str::<LaunchContext>(line()),
        serde_json::from_str::<Stored>(line()),
        serde_json::from_str::<Session>(line()),
    ) else {
        return "shape";
    };
    // What the site sets; a browser has no say in it.
    context.limits = StateLimits {
        collection: 20,
        elements: 200,
        bytes: 64 * 1024,
    };
    let entries = match batch(line(), &BatchLimits::default()) {
        Ok(entries) => entries,
        Err(reason) => return reason,
    };
    let seeded = cmi::seed(&context, &stored);
    assert_eq!(seeded, cmi::seed(&context, &stored));
    let replayed = cmi::replay(&context, &stored, &session, &entries);
    assert_eq!(
        replayed,
        cmi::replay(&context, &stored, &session, &entries),
        "replayed twice"
    );
    let replayed = match replayed {
        Ok(replayed) => replayed,
        Err(error) => return error.reason(),
    };
    sound(&context, &session, &entries, &replayed);

    let after = written(&stored, &replayed);
    let again = cmi::replay(&context, &after, &replayed.session, &entries).expect("sent again");
    assert_eq!(again.session, replayed.session);
    assert_eq!((again.rows.len(), again.refused.len()), (0, 0), "{again:?}");
    if context.mode == Mode::Normal && seeded.is_ok() {
        cmi::seed(&context, &after).expect("what a launch wrote can be launched");
    }
    cut(&context, &stored, &session, &entries, &replayed);
    ACCEPTED
}

fn sound(context: &LaunchContext, before: &Session, entries: &[Entry], replayed: &Replay) {
    if context.mode != Mode::Normal {
        assert_eq!(replayed.rows, [], "a look writes nothing");
    }
    let last = entries.last().map_or(0, |entry| entry.seq);
    assert_eq!(replayed.session.last_seq, last.max(before.last_seq));
    for refused in &replayed.refused {
        assert!(entries.iter().any(|entry| entry.seq == refused.seq));
        assert!(!refused.reason.is_empty() && refused.code != 0);
    }
    let names: std::collections::BTreeSet<_> =
        replayed.rows.iter().map(|row| &row.element).collect();
    assert_eq!(names.len(), replayed.rows.len(), "one row for each element");
    let bytes: usize = replayed.rows.iter().map(|row| row.value.len()).sum();
    // What the LMS computes itself (times, statuses) comes on top of what the SCO may fill.
    assert!(bytes <= context.limits.bytes + 4096, "{bytes} bytes");
    assert!(replayed.rows.len() <= context.limits.elements + 16);
}

/// The same entries in two batches leave the same rows.
fn cut(
    context: &LaunchContext,
    stored: &Stored,
    session: &Session,
    entries: &[Entry],
    whole: &Replay,
) {
    let (first, second) = entries.split_at(entries.len() / 2);
    let Ok(one) = cmi::replay(context, stored, session, first) else {
        return;
    };
    let between = written(stored, &one);
    let Ok(two) = cmi::replay(context, &between, &one.session, second) else {
        panic!("the second half alone is refused");
    };
    assert_eq!(two.session, whole.session);
    let refused: Vec<_> = one.refused.iter().chain(&two.refused).collect();
    assert_eq!(refused, whole.refused.iter().collect::<Vec<_>>());
    let map = |stored: Stored| stored.into_iter().collect::<BTreeMap<_, _>>();
    assert_eq!(map(written(&between, &two)), map(written(stored, whole)));
}

/// What is stored once the rows are written.
fn written(stored: &Stored, replayed: &Replay) -> Stored {
    let mut after = stored.clone();
    for row in &replayed.rows {
        match after.iter_mut().find(|(name, _)| *name == row.element) {
            Some((_, value)) => value.clone_from(&row.value),
            None => after.push((row.element.clone(), row.value.clone())),
        }
    }
    after
}
