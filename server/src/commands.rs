//! What the command line does besides serving.

use std::fs::File;
use std::io::{BufReader, BufWriter, IsTerminal, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::time::Duration;

use docket::Docket;
use docket::accounts::email::Email;
use docket::accounts::{Role, administration as accounts};
use docket::backup;
use docket::check::{self, State};
use docket::clock::Clock;
use docket::config::{Config, Values, secret_file, secrets};
use docket::db::Db;
use docket::mail::Mailer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Failure, RoleName, UserCommand};

/// What to do where nothing is.
const ADVICE: &str = "run this in the folder, as the user, and with the settings that Docket runs with";
/// How long a server may take to say how it is.
const HEALTH: Duration = Duration::from_secs(4);

async fn open(config: &Config) -> Result<Db, Failure> {
    Ok(Db::open(config.database_url.expose(), config.database_connections).await?)
}

// Else a new file would be made and looked at, where the settings of the service were meant.
fn must_exist(config: &Config) -> Result<(), Failure> {
    match config.database_url.expose().strip_prefix("sqlite:").map(Path::new) {
        Some(path) if !path.exists() => Err(format!("there is no database at {}: {ADVICE}", path.display()).into()),
        _ => Ok(()),
    }
}

/// Brings the schema up to date.
pub(super) async fn migrate(config: Config) -> Result<(), Failure> {
    let db = open(&config).await?;
    db.migrate().await?;
    db.close().await;
    say("the database is up to date")
}

/// Writes everything into a new file, readable by its owner only.
pub(super) async fn back_up(config: Config, file: &Path) -> Result<(), Failure> {
    if file.exists() {
        return Err(format!("{} exists already; name a new file", file.display()).into());
    }
    must_exist(&config)?;
    let db = open(&config).await?;
    if db.pending_migrations().await? > 0 {
        return Err("the database is not up to date: run `docket migrate` first".into());
    }
    // Under another name until it is complete, so that half a backup never looks like one. Readable by its owner only.
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = |error: std::io::Error| format!("cannot write into {}: {error}", folder.display());
    let mut partial = tempfile::NamedTempFile::new_in(folder).map_err(cannot)?;
    let mut out = BufWriter::new(&mut partial);
    let rows = backup::write(&db, Clock::default().now(), &mut out, progress("written")).await?;
    drop(out);
    partial.as_file().sync_all()?;
    partial.persist_noclobber(file)?;
    db.close().await;
    say(&format!("{rows} rows are in {}", file.display()))
}

/// Fills an empty database from a file.
pub(super) async fn restore(config: Config, file: &Path) -> Result<(), Failure> {
    let opened = File::open(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let db = open(&config).await?;
    db.migrate().await?;
    let rows = backup::restore(&db, BufReader::new(opened), progress("restored")).await?;
    db.close().await;
    say(&format!("{rows} rows were restored"))
}

/// Looks at everything and tells how it is; fails when something does not work.
pub(super) async fn check(config: Config) -> Result<(), Failure> {
    must_exist(&config)?;
    let findings = check::all(config).await;
    let mut out = std::io::stdout();
    for finding in &findings {
        match &finding.state {
            State::Good => writeln!(out, "good      {}", finding.what)?,
            State::Doubtful(why) => writeln!(out, "doubtful  {}: {why}", finding.what)?,
            State::Bad(why) => writeln!(out, "BAD       {}: {why}", finding.what)?,
        }
    }
    match findings.iter().filter(|finding| matches!(finding.state, State::Bad(_))).count() {
        0 => Ok(()),
        bad => Err(format!("{bad} of {} do not work", findings.len()).into()),
    }
}

/// Sends a mail at once, to see whether the configuration works.
pub(super) async fn test_mail(config: Config, address: &str) -> Result<(), Failure> {
    let address = Email::parse(address).map_err(|_| format!("{address} is not an e-mail address"))?;
    Mailer::new(&config)?.test(&address).await?;
    say(&format!("the mail server has taken a mail to {}", address.as_str()))
}

/// Asks the server that runs with this configuration whether it is ready.
pub(super) async fn health(config: Config) -> Result<(), Failure> {
    let mut addr = config.addr;
    if addr.ip().is_unspecified() {
        addr.set_ip(if addr.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
    }
    let ask = async {
        let mut stream = TcpStream::connect(addr).await?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let answer = tokio::time::timeout(HEALTH, ask).await??;
    match answer.starts_with("HTTP/1.1 200") {
        true => Ok(()),
        false => Err(answer.lines().last().unwrap_or("there is no answer").into()),
    }
}

/// Sees to accounts.
pub(super) async fn user(config: Config, command: UserCommand) -> Result<(), Failure> {
    let docket = docket(config).await?;
    match command {
        UserCommand::List => list_users(&docket).await?,
        UserCommand::Create { email, username, admin } => {
            let given = given_password()?;
            let role = admin.then_some(Role::Admin);
            let made = accounts::create(&docket, &email, &username, given.as_deref(), role).await;
            let (entry, password) = made.map_err(in_words)?;
            say(&format!("{username} can log in, as {}", in_a_word(entry.role)))?;
            if given.is_none() {
                say(&format!("password: {}", password.expose()))?;
            }
        }
        UserCommand::Disable { login } => {
            accounts::disable(&docket, &login).await.map_err(in_words)?;
            say(&format!("{login} is closed"))?;
        }
        UserCommand::Enable { login } => {
            accounts::enable(&docket, &login).await.map_err(in_words)?;
            say(&format!("{login} is open"))?;
        }
        UserCommand::SetRole { login, role } => {
            let role = match role {
                RoleName::User => Role::User,
                RoleName::Admin => Role::Admin,
            };
            accounts::set_role(&docket, &login, role).await.map_err(in_words)?;
            say(&format!("{login} is {}", in_a_word(role)))?;
        }
        UserCommand::ResetPassword { login } => {
            let password = accounts::reset_password(&docket, &login).await.map_err(in_words)?;
            say(&format!("password: {}", password.expose()))?;
        }
    }
    docket.db.close().await;
    Ok(())
}

async fn list_users(docket: &Docket) -> Result<(), Failure> {
    let mut last = None;
    loop {
        let page = accounts::page(docket, last.as_ref()).await?;
        for entry in &page {
            let state = if entry.disabled_at.is_some() { "closed" } else { "open" };
            let (role, since) = (entry.role.as_str(), entry.created_at);
            say(&format!("{}  {since}  {role:5}  {state:6}  {}  {}", entry.id, entry.username, entry.email))?;
        }
        let Some(entry) = page.into_iter().next_back() else { return Ok(()) };
        last = Some(entry);
    }
}

/// Prints what happened, newest first.
pub(super) async fn audit(config: Config, login: Option<&str>, limit: u32) -> Result<(), Failure> {
    let docket = docket(config).await?;
    let user = match login {
        // What an id did is there even when its account is not.
        Some(login) if login.parse::<uuid::Uuid>().is_ok() => login.parse().ok(),
        Some(login) => Some(accounts::find(&docket, login).await.map_err(in_words)?.id),
        None => None,
    };
    for record in docket::audit::service::newest(&docket, user, limit).await? {
        let id = |id: Option<uuid::Uuid>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let (user, session) = (id(record.user_id), id(record.session_id));
        let outcome = if record.done { "done" } else { "refused" };
        let ip = if record.ip.is_empty() { "-" } else { &record.ip };
        say(&format!("{}  {}  {outcome}  user={user} session={session} ip={ip}", record.at, record.event.as_str()))?;
    }
    docket.db.close().await;
    Ok(())
}

/// Adds a new secret to the file, or tells how to where a setting names them.
pub(super) fn rotate_keys(values: &Values, leaked: bool) -> Result<(), Failure> {
    if values.is_set("DOCKET_SECRET") {
        say(&format!("A new secret: {}", secrets::fresh().expose()))?;
        return say(match leaked {
            true => "Set DOCKET_SECRET to it alone, on every node, and restart them. Everybody has to log in again.",
            false => {
                "Put it, with a comma, behind what DOCKET_SECRET holds, on every node, and restart them one by one; then in front \
                 of it, and restart them again. Nobody is logged out. After DOCKET_REFRESH_MAX take the older one away."
            }
        });
    }
    // Looked at before the configuration is understood, which makes one where there is none.
    let file = secret_file(&values.data_dir());
    if !file.exists() {
        return Err(format!("there is no secret at {}: {ADVICE}", file.display()).into());
    }
    let config = Config::from_values(values)?;
    let keep = if leaked { Duration::ZERO } else { config.refresh_max };
    secrets::rotate(&file, Clock::default().now(), keep)?;
    let then = match leaked {
        true => "the older ones are gone. Restart Docket; everybody has to log in again",
        false => "restart Docket to sign with it. Nobody is logged out",
    };
    say(&format!("A new secret is in {}; {then}.", file.display()))
}

async fn docket(config: Config) -> Result<Docket, Failure> {
    must_exist(&config)?;
    let docket = Docket::open(config, Clock::default()).await?;
    if docket.db.pending_migrations().await? > 0 {
        return Err("the database is not up to date: run `docket migrate` first".into());
    }
    Ok(docket)
}

fn in_a_word(role: Role) -> &'static str {
    match role {
        Role::User => "a user",
        Role::Admin => "an administrator",
    }
}

// From a pipe, so that it stands in no list of processes.
fn given_password() -> Result<Option<String>, Failure> {
    if std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    Ok((!password.is_empty()).then(|| password.to_owned()))
}

// What is wrong, field by field, as one would say it.
fn in_words(error: docket::Error) -> Failure {
    match error {
        docket::Error::NotFound => "there is no account with this name or address".into(),
        docket::Error::Invalid(_) => {
            let error = app::error::ApiError::from(error);
            error.fields.iter().map(|(field, text)| format!("{field}: {text}")).collect::<Vec<_>>().join("\n").into()
        }
        other => other.into(),
    }
}

fn say(what: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout(), "{what}")?)
}

/// Tells on a terminal how far it is.
fn progress(done: &'static str) -> impl Fn(u64) {
    move |rows| {
        if std::io::stderr().is_terminal() {
            // Progress that cannot be shown is no reason to stop.
            let _ = writeln!(std::io::stderr(), "{rows} rows {done}");
        }
    }
}
