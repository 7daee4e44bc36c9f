//! What commits accepted, as it is kept (`docs/protocol.md`, "History"): sealed, in pieces that a sealed value holds.
//!
//! Written in the unit of work that writes the tracks, and never changed. From it a launch that a newer one has
//! overtaken learns what it may not replace.

use std::io::{self, Read, Write};

use data_encoding::BASE64;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use scormbridge_core::cmi::Written;
use scormbridge_core::journal::Entry;
use scormbridge_core::sealing::{SealError, Vault};
use scormbridge_lms::classroom::{ScormHistory, ScormLaunchId, ScormTrack, Timestamp};
use serde::{Deserialize, Serialize};

/// Characters of a piece: a sealed value has at most 1 MiB.
const PIECE: usize = 768 * 1024;

/// Bytes of a commit's text that are unpacked: several times what a batch may have.
const MAX_TEXT: u64 = 32 << 20;

/// What one commit did.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// What was accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) entries: Vec<Entry>,
    /// What did not fit beside a newer launch, and was promised to a SCO all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) refused: Vec<Entry>,
    /// What was replaced though nobody could read it, as it was stored: with the key that it was sealed with it can
    /// still be opened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) set_aside: Vec<SetAside>,
    /// Elements that were emptied because the learner began anew.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) cleared: Vec<String>,
}

/// A value that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SetAside {
    element: String,
    sealed: String,
}

impl From<&ScormTrack> for SetAside {
    fn from(track: &ScormTrack) -> Self {
        Self {
            element: track.element.clone(),
            sealed: track.value.clone(),
        }
    }
}

/// Why a commit could not be kept. Nothing of it may be stored then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum HistoryError {
    /// It has no text.
    #[error("a commit cannot be written down")]
    Text(#[from] serde_json::Error),
    /// It could not be packed or unpacked.
    #[error("a commit cannot be packed or unpacked")]
    Packing(#[from] io::Error),
    /// It could not be sealed or opened.
    #[error("a commit cannot be sealed or opened")]
    Sealing(#[from] SealError),
    /// What was opened is not what [`pieces`] makes.
    #[error("a commit that was kept is damaged")]
    Damaged,
}

/// What the store takes of a commit.
///
/// # Errors
/// [`HistoryError`]
pub(super) fn pieces(
    vault: &Vault,
    launch: ScormLaunchId,
    first_seq: u64,
    kept: &Kept,
    now: Timestamp,
) -> Result<Vec<ScormHistory>, HistoryError> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&serde_json::to_vec(kept)?)?;
    let text = BASE64.encode(&packed.finish()?);
    let mut rest = text.as_str();
    let mut pieces = Vec::new();
    for part in 0.. {
        let (piece, more) = rest.split_at_checked(PIECE).unwrap_or((rest, ""));
        pieces.push(ScormHistory {
            launch,
            first_seq,
            part,
            data: vault.seal(piece, &context(launch, first_seq, part).each())?,
            created_at: now,
        });
        if more.is_empty() {
            break;
        }
        rest = more;
    }
    Ok(pieces)
}

/// Which parts of an attempt the commits of these rows have written; every one, where that cannot be read any more.
pub(super) fn written(vault: &Vault, rows: &[ScormHistory]) -> Written {
    let mut written = Written::default();
    for commit in rows.chunk_by(|a, b| (a.launch, a.first_seq) == (b.launch, b.first_seq)) {
        match open(vault, commit) {
            Ok(kept) => written.add(&kept.entries),
            Err(error) => {
                tracing::warn!(%error, "a row of the history cannot be read");
                return Written::everything();
            }
        }
    }
    written
}

fn open(vault: &Vault, commit: &[ScormHistory]) -> Result<Kept, HistoryError> {
    let mut text = String::new();
    for (part, row) in (0..).zip(commit) {
        if row.part != part {
            return Err(HistoryError::Damaged);
        }
        let context = context(row.launch, row.first_seq, part);
        text.push_str(&vault.open(&row.data, &context.each())?);
    }
    let packed = BASE64
        .decode(text.as_bytes())
        .map_err(|_| HistoryError::Damaged)?;
    let mut json = Vec::new();
    let mut unpacked = DeflateDecoder::new(packed.as_slice()).take(MAX_TEXT);
    unpacked.read_to_end(&mut json)?;
    Ok(serde_json::from_slice(&json)?)
}

/// What a piece is bound to. The order is part of the format.
struct Context([String; 4]);

fn context(launch: ScormLaunchId, first_seq: u64, part: u32) -> Context {
    Context([
        "history".to_owned(),
        launch.to_string(),
        first_seq.to_string(),
        part.to_string(),
    ])
}

impl Context {
    fn each(&self) -> [&str; 4] {
        self.0.each_ref().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use scormbridge_core::journal::Op;
    use scormbridge_core::keys::Key;

    use super::*;

    fn vault() -> Vault {
        Vault::new(BTreeMap::from([("k".to_owned(), Key::from([7; 32]))]), "k").unwrap()
    }

    fn set(seq: u64, element: &str, value: &str) -> Entry {
        Entry {
            seq,
            op: Op::Set,
            element: Some(element.to_owned()),
            value: Some(value.to_owned()),
            at: 5,
        }
    }

    fn rows(kept: &Kept) -> Vec<ScormHistory> {
        let launch = ScormLaunchId::from_bits(1);
        pieces(&vault(), launch, 3, kept, Timestamp(0)).unwrap()
    }

    #[test]
    fn a_commit_that_is_longer_than_a_sealed_value_comes_in_pieces_and_back() {
        // Chance does not pack.
        let noise = |seed: u64| {
            let mut state = seed;
            let letter = |_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                char::from(b' ' + u8::try_from(state >> 58).unwrap())
            };
            (0..200_000).map(letter).collect::<String>()
        };
        let entries: Vec<Entry> = (3..13)
            .map(|seq| set(seq, "cmi.suspend_data", &noise(seq)))
            .collect();
        let kept = Kept {
            entries,
            refused: vec![set(13, "cmi.location", "x")],
            ..Kept::default()
        };
        let rows = rows(&kept);
        assert!(rows.len() > 1 && rows.iter().all(|row| !row.data.contains("location")));
        let back = open(&vault(), &rows).unwrap();
        assert!(back.entries == kept.entries && back.refused == kept.refused);
    }

    #[test]
    fn where_a_row_is_damaged_missing_or_of_elsewhere_everything_counts_as_written() {
        let good = rows(&Kept {
            entries: vec![set(3, "cmi.location", "x")],
            ..Kept::default()
        });
        let mut expected = Written::default();
        expected.add(&[set(3, "cmi.location", "x")]);
        assert_eq!(written(&vault(), &good), expected);
        let change = |change: fn(&mut ScormHistory)| {
            let mut rows = good.clone();
            rows.iter_mut().for_each(change);
            written(&vault(), &rows)
        };
        for changed in [
            change(|row| row.data.truncate(row.data.len() - 1)),
            change(|row| row.part = 1),
            change(|row| row.first_seq = 4),
            change(|row| row.launch = ScormLaunchId::from_bits(2)),
        ] {
            assert_eq!(changed, Written::everything());
        }
    }

    proptest! {
        #[test]
        fn every_commit_comes_back(values in proptest::collection::vec(".{0,40}", 0..20)) {
            let entries: Vec<Entry> = (3..).zip(&values).map(|(seq, value)| set(seq, "cmi.location", value)).collect();
            let kept = Kept { entries, ..Kept::default() };
            prop_assert_eq!(open(&vault(), &rows(&kept)).unwrap().entries, kept.entries);
        }
    }
}
