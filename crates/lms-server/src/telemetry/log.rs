//! Where log lines go and how they look.
//!
//! What may be in them is decided where they are written: secrets are `SecretString` or a type whose `Debug` shows
//! nothing, people's data is not logged at all, and `tests/redaction.rs` reads every line of a busy server.

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::config::{LogFormat, Telemetry};

/// A subscriber that writes lines of the configured form to `writer`.
///
/// # Errors
/// The filter's own message when `log_filter` cannot be read.
pub fn subscriber<W>(
    settings: &Telemetry,
    writer: W,
) -> Result<impl tracing::Subscriber + Send + Sync, String>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&settings.log_filter).map_err(|error| error.to_string())?;
    let lines = fmt::layer().with_writer(writer).with_target(true);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match settings.log_format {
        LogFormat::Json => lines.json().flatten_event(true).with_ansi(false).boxed(),
        LogFormat::Text => lines.boxed(),
    };
    Ok(Registry::default().with(lines.with_filter(filter)))
}
