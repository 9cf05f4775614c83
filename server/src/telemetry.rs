//! What is logged, and how.

use docket::config::Config;
use tracing_subscriber::EnvFilter;

use crate::StartError;

/// Starts logging to standard error as configured; a second call changes nothing.
///
/// # Errors
/// When the filter makes no sense.
pub fn start(config: &Config) -> Result<(), StartError> {
    let filter = EnvFilter::try_new(&config.log).map_err(|error| {
        format!("DOCKET_LOG is \"{}\", but should be a filter such as info or docket=debug,info ({error})", config.log)
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if config.log_json { builder.json().try_init() } else { builder.try_init() };
    Ok(())
}
