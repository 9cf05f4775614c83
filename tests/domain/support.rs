//! A Docket of its own for each test.

use std::time::Duration;

use docket::Docket;
use docket::accounts::{User, service as accounts};
use docket::clock::Clock;
use docket::config::{Config, Values};
use docket::error::Error;
use docket::lists::{ListName, Record as List, service as lists};
use docket::mail::{Mail, worker};
use docket::paging::Wanted;
use docket::sessions::Identity;
use docket::sessions::service::{Opened, by_access_token};
use docket::todos::{Notes, Record as Todo, Title, service as todos};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A Docket on backends of its own, with a clock to turn and hashing made cheap.
pub(crate) struct World {
    pub(crate) docket: Docket,
    pub(crate) folder: TempDir,
    settings: Vec<(&'static str, String)>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(settings: &[(&'static str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let asked = settings.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let settings = testing::backends().into_iter().chain(asked).collect();
        let docket = open(&folder, &settings).await;
        Self { docket, folder, settings }
    }

    /// Ends it and starts it again on the same data, as after a restart of the server.
    pub(crate) async fn restarted(self) -> Self {
        self.restarted_with("DOCKET_LOG", "info").await
    }

    /// The same, with another setting.
    pub(crate) async fn restarted_with(mut self, name: &'static str, value: &str) -> Self {
        self.docket.db.close().await;
        self.settings.push((name, value.to_owned()));
        let docket = open(&self.folder, &self.settings).await;
        Self { docket, ..self }
    }

    /// Another Docket on the same data, with the same clock.
    pub(crate) async fn another_node(&self) -> Docket {
        Docket::open(self.docket.config.clone(), self.docket.clock.clone()).await.unwrap()
    }

    pub(crate) fn wait(&self, time: Duration) {
        self.docket.clock.advance(time);
    }

    /// All mail so far, newest first.
    pub(crate) async fn mails(&self) -> Vec<Mail> {
        worker::send_due(&self.docket).await.unwrap();
        self.docket.mailer.development_mailbox().unwrap().into_iter().map(|received| received.mail).collect()
    }

    /// The code in the newest mail.
    pub(crate) async fn code(&self) -> String {
        let mails = self.mails().await;
        mails[0]
            .text
            .split_whitespace()
            .find(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit()))
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn sign_up(&self, name: &str) -> Uuid {
        accounts::sign_up(&self.docket, &format!("{name}@example.org"), name, PASSWORD).await.unwrap()
    }

    /// Somebody with a confirmed account.
    pub(crate) async fn someone(&self, name: &str) -> Opened {
        let flow = self.sign_up(name).await;
        accounts::verify(&self.docket, flow, &self.code().await).await.unwrap()
    }

    pub(crate) async fn user(&self, name: &str) -> User {
        self.someone(name).await.profile.user
    }

    /// Who speaks in a session.
    pub(crate) async fn identity(&self, opened: &Opened) -> Identity {
        by_access_token(&self.docket, &opened.access.access_token).await.unwrap()
    }

    pub(crate) async fn list(&self, user: &User, name: &str) -> List {
        lists::create(&self.docket, user.id, Uuid::now_v7(), &ListName::parse(name).unwrap()).await.unwrap().row
    }

    pub(crate) async fn todo(&self, user: &User, list: &List, title: &str) -> Todo {
        todos::create(&self.docket, user.id, new_todo(list.id, title)).await.unwrap().row
    }

    pub(crate) async fn titles(&self, user: &User, list: &List) -> Vec<String> {
        self.todos(user, list).await.into_iter().map(|todo| todo.title).collect()
    }

    pub(crate) async fn todos(&self, user: &User, list: &List) -> Vec<Todo> {
        todos::page(&self.docket, user.id, &todos::Query::list(list.id), &Wanted::first(1000)).await.unwrap().rows
    }

    pub(crate) async fn names(&self, user: &User) -> Vec<String> {
        lists::all(&self.docket, user.id).await.unwrap().into_iter().map(|list| list.name).collect()
    }
}

pub(crate) fn new_todo(list: Uuid, title: &str) -> todos::New {
    todos::New {
        id: Uuid::now_v7(),
        list,
        title: Title::parse(title).unwrap(),
        notes: Notes::default(),
        place: docket::rows::Place::Last,
    }
}

async fn open(folder: &TempDir, settings: &Vec<(&'static str, String)>) -> Docket {
    let mut values = Values::defaults();
    values.set("DOCKET_DATA_DIR", folder.path().display().to_string()).unwrap();
    values.set("DOCKET_ARGON2", "m=8,t=1,p=1".into()).unwrap();
    for (name, value) in settings {
        values.set(name, value.clone()).unwrap();
    }
    let docket = Docket::open(Config::from_values(&values).unwrap(), Clock::default()).await.unwrap();
    docket.db.migrate().await.unwrap();
    docket
}

pub(crate) fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

pub(crate) fn days(count: u64) -> Duration {
    minutes(count * 24 * 60)
}

/// The error a use case ended with.
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> Error {
    answer.unwrap_err()
}
