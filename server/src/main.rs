//! The command line of Docket.

mod commands;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use docket::clock::Clock;
use docket::config::{Config, Values};
use server::{Application, telemetry};

/// The system's own keeps what each of many threads has had. This one gives back what is idle, as `.cargo/config.toml` tells it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// To-do lists on a server of your own.
#[derive(Debug, Parser)]
#[command(name = "docket", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Where to listen, instead of DOCKET_ADDR.
    #[arg(long, global = true)]
    addr: Option<String>,
    /// Folder of database and secret, instead of DOCKET_DATA_DIR.
    #[arg(long, global = true)]
    data_dir: Option<String>,
    /// The database, instead of DOCKET_DATABASE_URL. Others on this machine can read what stands on a command line: a
    /// password is better set in the environment.
    #[arg(long, global = true)]
    database_url: Option<String>,
    /// The address browsers use, instead of DOCKET_PUBLIC_URL.
    #[arg(long, global = true)]
    public_url: Option<String>,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    /// Migrate the database and serve (the default).
    Serve,
    /// Migrate the database and end.
    Migrate,
    /// Write everything into a new file, while others go on working.
    Backup {
        /// Where to.
        file: PathBuf,
    },
    /// Fill an empty database from a backup, of whichever engine.
    Restore {
        /// What `docket backup` wrote.
        file: PathBuf,
    },
    /// Look at configuration, database, Redis and mail, and tell what is wrong.
    Check,
    /// Ask the running server whether it is ready.
    Health,
    /// See to accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// See to the secrets that tokens are signed with.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Print what happened to accounts and sessions, newest first.
    Audit {
        /// Only what happened to the account with this name, address, or id.
        #[arg(long)]
        user: Option<String>,
        /// At most so many lines.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// See to mail.
    #[command(subcommand)]
    Mail(MailCommand),
    /// Print the effective configuration, secrets masked.
    Config,
    /// Print the description of the REST API (OpenAPI).
    Openapi,
    /// Print the version.
    Version,
}

#[derive(Debug, Clone, Subcommand)]
enum MailCommand {
    /// Send a mail at once, to see whether the configuration works.
    Test {
        /// To whom.
        address: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
enum UserCommand {
    /// Print who has an account.
    List,
    /// Make an account, without a mailed code. The password is read from the first line of standard input, if that is not
    /// a terminal, or made and printed.
    Create {
        /// The address.
        email: String,
        /// The user name.
        username: String,
        /// As an administrator.
        #[arg(long)]
        admin: bool,
    },
    /// Close an account: its sessions end at once, and nobody can log in to it. Its lists stay.
    Disable {
        /// Name or address.
        login: String,
    },
    /// Open a closed account again.
    Enable {
        /// Name or address.
        login: String,
    },
    /// Say what somebody may do.
    SetRole {
        /// Name or address.
        login: String,
        /// What.
        role: RoleName,
    },
    /// Give an account a new password, print it, and end all sessions of the account.
    ResetPassword {
        /// Name or address.
        login: String,
    },
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum RoleName {
    /// Their own lists.
    User,
    /// And see who has an account.
    Admin,
}

#[derive(Debug, Clone, Subcommand)]
enum KeysCommand {
    /// Add a new secret, which signs from the next start. Nobody is logged out.
    Rotate {
        /// Somebody else may know the secrets: drop all older ones at once. Everybody has to log in again.
        #[arg(long)]
        leaked: bool,
    },
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nothing is left to do when even this cannot be written.
            let reason = failure.downcast_ref::<docket::Error>().map(docket::Error::reason);
            let _ = writeln!(std::io::stderr(), "docket: {}", reason.unwrap_or_else(|| failure.to_string()));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let flags = [
        ("DOCKET_ADDR", arguments.addr),
        ("DOCKET_DATA_DIR", arguments.data_dir),
        ("DOCKET_DATABASE_URL", arguments.database_url),
        ("DOCKET_PUBLIC_URL", arguments.public_url),
    ];
    let flags: Vec<_> = flags.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let values = || Values::load(Path::new("."), &flags);
    let config = || -> Result<Config, Failure> { Ok(Config::from_values(&values()?)?) };
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Version => Ok(writeln!(std::io::stdout(), "docket {}", env!("CARGO_PKG_VERSION"))?),
        Command::Openapi => Ok(write!(std::io::stdout(), "{}", server::api::description())?),
        Command::Config => Ok(write!(std::io::stdout(), "{}", values()?.masked())?),
        Command::Migrate => block_on(commands::migrate(config()?)),
        Command::Backup { file } => block_on(commands::back_up(config()?, &file)),
        Command::Restore { file } => block_on(commands::restore(config()?, &file)),
        Command::Check => block_on(commands::check(config()?)),
        Command::Health => block_on(commands::health(config()?)),
        Command::User(command) => block_on(commands::user(config()?, command)),
        Command::Keys(KeysCommand::Rotate { leaked }) => commands::rotate_keys(&values()?, leaked),
        Command::Audit { user, limit } => block_on(commands::audit(config()?, user.as_deref(), limit)),
        Command::Mail(MailCommand::Test { address }) => block_on(commands::test_mail(config()?, &address)),
        Command::Serve => block_on(serve(config()?)),
    }
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

async fn serve(config: Config) -> Result<(), Failure> {
    telemetry::start(&config)?;
    // Each connection is a descriptor, and many systems allow few unless asked.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the number of open files could not be raised");
    }
    let application = Application::build(config, Clock::default()).await?;
    let config = &application.docket().config;
    if let Some(addr) = application.metrics_addr() {
        tracing::info!(%addr, "metrics are told at /metrics");
    }
    tracing::info!(addr = %application.addr()?, url = config.public_url.as_str(), data = %config.data_dir.display(), "Docket is ready");
    application.run_until(told_to_stop()).await;
    tracing::info!("Docket has stopped");
    Ok(())
}

/// Done when the process gets SIGTERM or SIGINT.
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => drop(interrupted.await),
    }
}
