//! Whether everything is as it should be, told in words with advice.

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::each_engine;
use crate::error::Result;
use crate::kv::Kv;
use crate::mail::{Mailer, outbox};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// How it is.
    pub state: State,
}

/// How something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Good,
    /// It works, but may not be what is wanted: why, and what to do.
    Doubtful(String),
    /// It does not work: why, and what to do.
    Bad(String),
}

/// Looks at configuration, database, short-lived store and mail.
pub async fn all(config: Config) -> Vec<Finding> {
    let mut findings = vec![Finding { what: "configuration", state: configuration(&config) }];
    let url = config.database_url.expose();
    let db = match Db::open(url, config.database_connections).await {
        Ok(db) => db,
        Err(error) => {
            let advice = format!(
                "{}. Look at DOCKET_DATABASE_URL and DOCKET_DATA_DIR: is the server running, are name and password right, \
                 may this user write to the folder?",
                error.reason()
            );
            findings.push(Finding { what: "connection to the database", state: State::Bad(advice) });
            return findings;
        }
    };
    let told = |result: Result<Vec<String>>, advice: &str| match result {
        Ok(problems) if problems.is_empty() => State::Good,
        Ok(problems) => State::Bad(format!("{}. {advice}", problems.join("; "))),
        Err(error) => State::Bad(error.reason()),
    };
    let one = |result: Result<()>, advice: &str| match result {
        Ok(()) => State::Good,
        Err(error) => State::Bad(format!("{}. {advice}", error.reason())),
    };
    let db = &db;
    findings.push(Finding {
        what: "connection to the database",
        state: one(db.ping().await, "Look at DOCKET_DATABASE_URL."),
    });
    let schema = schema(db).await;
    let is_current = schema == State::Good;
    findings.push(Finding { what: "schema", state: schema });
    let broken = "The file is damaged: stop Docket and restore the last good backup into a new database";
    findings.push(Finding { what: "integrity of the database", state: told(db.damage().await, broken) });
    let strays_advice = "Nobody but Docket should write to its database; restore a backup or delete these rows by hand";
    // What is in an older schema can be looked at when that is up to date.
    if is_current {
        findings.push(Finding { what: "rows that belong together", state: told(strays(db).await, strays_advice) });
        findings.push(Finding { what: "mail on its way", state: outbox(db).await });
    }
    findings.push(Finding {
        what: "short-lived store",
        state: one(store(&config).await, "Look at DOCKET_REDIS_URL: is Redis running and reachable?"),
    });
    findings.push(Finding {
        what: "mail server",
        state: one(
            mail(&config).await,
            "Look at DOCKET_SMTP_URL; then `docket mail test ADDRESS` sends a mail to see it arrive.",
        ),
    });
    db.close().await;
    findings
}

async fn store(config: &Config) -> Result<()> {
    Kv::new(config, &Clock::default())?.ping().await
}

async fn mail(config: &Config) -> Result<()> {
    Mailer::new(config)?.check().await
}

fn configuration(config: &Config) -> State {
    let mut doubts = Vec::new();
    let loopback = config.public_url.is_loopback();
    if config.smtp_url.is_none() && !loopback {
        doubts.push("DOCKET_SMTP_URL is not set, so nobody gets a code and nobody can sign up");
    }
    if loopback && !config.addr.ip().is_loopback() {
        doubts.push(
            "it listens for everybody, but DOCKET_PUBLIC_URL names this machine only: links in mails will not work",
        );
    }
    let on_postgres = config.database_url.expose().starts_with("postgres");
    if on_postgres && config.redis_url.is_none() {
        doubts.push("DOCKET_REDIS_URL is not set: that does for one node, not for several");
    }
    if on_postgres && config.has_own_secret {
        doubts.push("DOCKET_SECRET is not set: each node would make its own and refuse the others' tokens");
    }
    if doubts.is_empty() { State::Good } else { State::Doubtful(doubts.join("; ")) }
}

async fn schema(db: &Db) -> State {
    match db.pending_migrations().await {
        Ok(0) => State::Good,
        Ok(pending) => State::Doubtful(format!(
            "{pending} migrations are to be run: `docket migrate`, or the next start, runs them"
        )),
        Err(error) => State::Bad(error.reason()),
    }
}

async fn outbox(db: &Db) -> State {
    match async { outbox::given_up(&mut db.read().await?).await }.await {
        Ok(0) => State::Good,
        Ok(given_up) => State::Doubtful(format!(
            "{given_up} mails were given up within the last week; the log says why, and so does `last_error` in the table `outbox`"
        )),
        Err(error) => State::Bad(error.reason()),
    }
}

/// Rows that belong to nothing, or to somebody else than what they belong to: a sentence for each kind there is.
async fn strays(db: &Db) -> Result<Vec<String>> {
    const KINDS: &[(&str, &str)] = &[
        ("sessions of nobody", "select count(*) from sessions where user_id not in (select id from users)"),
        ("lists of nobody", "select count(*) from lists where user_id not in (select id from users)"),
        ("todos of nobody", "select count(*) from todos where user_id not in (select id from users)"),
        ("todos of no list", "select count(*) from todos where list_id not in (select id from lists)"),
        (
            "todos in somebody else's list",
            "select count(*) from todos t join lists l on l.id = t.list_id where l.user_id <> t.user_id",
        ),
    ];
    let mut conn = db.read().await?;
    let mut found = Vec::new();
    for (what, sql) in KINDS {
        let count: i64 = each_engine!(conn, |c| sqlx::query_scalar(*sql).fetch_one(c).await)?;
        if count > 0 {
            found.push(format!("{count} {what}"));
        }
    }
    Ok(found)
}
