//! Where the bytes of learners' files are: plain files, `<runtime.assets>/<attempt>/<file>`.
//!
//! Both names are ids, hexadecimal digits by their types: nothing that anybody sent is ever part of a path. What is
//! still arriving has the ending `.part`.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use scormbridge_lms::classroom::{AssetId, AttemptId};
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// The ending of what is still arriving.
const PART: &str = "part";

/// The folder of one attempt.
#[must_use]
pub(crate) fn folder(root: &Path, attempt: AttemptId) -> PathBuf {
    root.join(attempt.to_string())
}

/// Where a whole file is.
#[must_use]
pub(crate) fn whole(root: &Path, attempt: AttemptId, asset: AssetId) -> PathBuf {
    folder(root, attempt).join(asset.to_string())
}

/// A file on its way in. Dropped before [`Incoming::keep`], it is gone: also when the request is cancelled.
pub(crate) struct Incoming {
    file: fs::File,
    part: PathBuf,
    whole: PathBuf,
}

impl Incoming {
    /// Begins a file; `None` while another request is bringing it.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) async fn begin(
        root: &Path,
        attempt: AttemptId,
        asset: AssetId,
    ) -> std::io::Result<Option<Self>> {
        fs::create_dir_all(folder(root, attempt)).await?;
        let whole = whole(root, attempt, asset);
        let part = whole.with_extension(PART);
        // As one step: a request that is cancelled between the file and what removes it would leave the file behind.
        let begun = tokio::task::spawn_blocking(move || {
            let mut options = std::fs::OpenOptions::new();
            match options.write(true).create_new(true).open(&part) {
                Ok(file) => Ok(Some(Self {
                    file: fs::File::from_std(file),
                    part,
                    whole,
                })),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(None),
                Err(error) => Err(error),
            }
        });
        begun.await.map_err(std::io::Error::other)?
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Makes it a whole file, on disk for good.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) async fn keep(self) -> std::io::Result<()> {
        self.file.sync_all().await?;
        fs::rename(&self.part, &self.whole).await
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // After `keep` there is none any more. What cannot be removed now, the jobs find later.
        let _ = std::fs::remove_file(&self.part);
    }
}

/// A folder of the tree, and the attempt that it is named after.
pub(crate) struct AttemptFolder {
    /// The attempt.
    pub(crate) attempt: AttemptId,
    path: PathBuf,
}

/// Every attempt's folder. What else lies there is none of ours.
///
/// # Errors
/// The disk's.
pub(crate) async fn folders(root: &Path) -> std::io::Result<Vec<AttemptFolder>> {
    let mut entries = match fs::read_dir(root).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        let named = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some(attempt) = named
            && entry.file_type().await?.is_dir()
        {
            found.push(AttemptFolder {
                attempt,
                path: entry.path(),
            });
        }
    }
    Ok(found)
}

impl AttemptFolder {
    /// Removes files that are not among `linked` and have not changed since `before`, and the folder if it is empty
    /// then. Says how many files.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) async fn sweep(&self, linked: &[AssetId], before: Duration) -> std::io::Result<u64> {
        let mut entries = fs::read_dir(&self.path).await?;
        let mut removed = 0;
        while let Some(entry) = entries.next_entry().await? {
            let path = entry.path();
            let arriving = path.extension().is_some_and(|ending| ending == PART);
            let asset = path
                .file_stem()
                .and_then(|name| name.to_str())
                .and_then(|name| name.parse::<AssetId>().ok());
            let Some(asset) = asset else { continue };
            if linked.contains(&asset) && !arriving {
                continue;
            }
            let changed = entry.metadata().await?.modified()?;
            let age = changed
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default();
            if age < before {
                fs::remove_file(&path).await?;
                removed += 1;
            }
        }
        if linked.is_empty() {
            // Refused while something is in it, which is as it should be.
            let _ = fs::remove_dir(&self.path).await;
        }
        Ok(removed)
    }
}
