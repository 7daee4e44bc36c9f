//! Where the service listens: a Unix socket that strangers cannot replace, or an address of this machine alone.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener, UnixStream};

/// Who may connect: the service's user and its group, which is the web server's.
const SOCKET_MODE: u32 = 0o660;

/// Why the service cannot listen there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListenError {
    /// An address that other machines could reach.
    #[error(
        "{0} is no loopback address: keys would travel over the network in the clear; use 127.0.0.1 or a Unix socket"
    )]
    NotLoopback(SocketAddr),
    /// Everybody on this machine may replace what is in the folder.
    #[error(
        "everybody may write to {}; put the socket into a folder of the service's own, such as /run/scormbridge", .0.display()
    )]
    Writable(PathBuf),
    /// There is something that is no socket.
    #[error("{} is there already and no socket; remove it or name another path", .0.display())]
    NoSocket(PathBuf),
    /// A service answers there already.
    #[error("a service answers on {} already", .0.display())]
    Taken(PathBuf),
    /// A relative path means another place for every caller.
    #[error("{} is no absolute path; start it with a slash", .0.display())]
    Relative(PathBuf),
    /// The operating system does not allow it.
    #[error("{place} cannot be listened on: {error}")]
    System {
        /// Path or address.
        place: String,
        /// Its words.
        error: io::Error,
    },
}

/// A connection.
pub(crate) trait Connection: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Connection for T {}

/// A place that callers can connect to.
#[derive(Debug)]
pub struct Listener(Kind);

#[derive(Debug)]
enum Kind {
    Unix(UnixListener, SocketFile),
    Tcp(TcpListener),
}

impl Listener {
    /// Listens on a Unix socket, which belongs to the service's user and group. One that a service left behind when it
    /// was killed is replaced.
    ///
    /// # Errors
    /// [`ListenError`], before anything is created.
    pub async fn unix(path: &Path) -> Result<Self, ListenError> {
        if !path.is_absolute() {
            return Err(ListenError::Relative(path.to_owned()));
        }
        let system = |error| ListenError::System {
            place: path.display().to_string(),
            error,
        };
        check_folders(path)?;
        match fs::symlink_metadata(path) {
            Ok(found) if !found.file_type().is_socket() => {
                return Err(ListenError::NoSocket(path.to_owned()));
            }
            Ok(_) if UnixStream::connect(path).await.is_ok() => {
                return Err(ListenError::Taken(path.to_owned()));
            }
            _ => {}
        }
        // Under its name only once its rights are right, and in one step over what was left behind.
        let mut new = path.as_os_str().to_owned();
        new.push(format!(".{}", std::process::id()));
        let file = SocketFile(PathBuf::from(new));
        let listener = UnixListener::bind(&file.0).map_err(system)?;
        fs::set_permissions(&file.0, fs::Permissions::from_mode(SOCKET_MODE)).map_err(system)?;
        fs::rename(&file.0, path).map_err(system)?;
        Ok(Self(Kind::Unix(listener, SocketFile(path.to_owned()))))
    }

    /// Listens on an address of this machine that no other machine can reach.
    ///
    /// # Errors
    /// [`ListenError::NotLoopback`], before anything is opened; [`ListenError::System`].
    pub async fn loopback(address: SocketAddr) -> Result<Self, ListenError> {
        if !address.ip().is_loopback() {
            return Err(ListenError::NotLoopback(address));
        }
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|error| ListenError::System {
            place: address.to_string(),
            error,
        })?;
        Ok(Self(Kind::Tcp(listener)))
    }

    /// Where callers connect to, as the site's settings want it: a path, or `http://address:port`.
    #[must_use]
    pub fn address(&self) -> String {
        match &self.0 {
            Kind::Unix(_, file) => file.0.display().to_string(),
            Kind::Tcp(listener) => listener.local_addr().map_or_else(
                |_| "http://".to_owned(),
                |address| format!("http://{address}"),
            ),
        }
    }

    /// The next connection.
    pub(crate) async fn accept(&self) -> io::Result<Box<dyn Connection>> {
        match &self.0 {
            Kind::Unix(listener, _) => Ok(Box::new(listener.accept().await?.0)),
            Kind::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Answers are small and wanted at once; a socket that refuses is slower and still of use.
                let _ = stream.set_nodelay(true);
                Ok(Box::new(stream))
            }
        }
    }
}

/// Whoever may write to the socket's folder, or may rename a folder on the way to it, could put a socket of their own
/// there and be sent the site's keys.
fn check_folders(path: &Path) -> Result<(), ListenError> {
    let mut folders = path.ancestors().skip(1);
    let writable = |folder: &Path, sticky_will_do: bool| {
        let metadata = fs::metadata(folder).map_err(|error| ListenError::System {
            place: folder.display().to_string(),
            error,
        })?;
        let mode = metadata.mode();
        if mode & 0o002 != 0 && !(sticky_will_do && mode & 0o1000 != 0) {
            return Err(ListenError::Writable(folder.to_owned()));
        }
        Ok(())
    };
    if let Some(folder) = folders.next() {
        writable(folder, false)?;
    }
    folders.try_for_each(|folder| writable(folder, true))
}

/// A socket's name in the file system. Goes when the service ends.
#[derive(Debug)]
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // It may be gone, or renamed: then there is nothing to do.
        let _ = fs::remove_file(&self.0);
    }
}
