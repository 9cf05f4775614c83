//! The data that is measured on: made once as a backup of Docket's own, and restored wherever it is needed.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use docket::order::spread;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

use crate::Arguments;
use crate::servers::{folder, run, settings};

/// Whose lists are measured, with a number behind it: as many people as there are connections.
pub(crate) const LOGIN: &str = "bench";
/// How many those are.
pub(crate) const PEOPLE: usize = 16;
pub(crate) const PASSWORD: &str = "correct horse battery";
/// A time at which rows were made: any will do.
const THEN: i64 = 1_790_000_000_123_456;
/// Lists of each that todos are added to in turn, so that none grows beyond what somebody has.
const GROWING: usize = 10;

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Amount {
    /// Todos of each list that is looked at.
    pub(crate) todos: usize,
    /// Other people, each with a list and a todo.
    pub(crate) others: usize,
}

/// A backup with data, and what is in it.
#[derive(Debug)]
pub(crate) struct Data {
    file: PathBuf,
    pub(crate) people: Vec<Owner>,
    _folder: TempDir,
}

/// Somebody whose lists are measured.
#[derive(Debug, Serialize)]
pub(crate) struct Owner {
    pub(crate) id: Uuid,
    pub(crate) login: String,
    /// The list that is looked at.
    pub(crate) list: Uuid,
    /// Its todos.
    pub(crate) todos: Vec<Uuid>,
    /// Lists to add to.
    pub(crate) growing: Vec<Uuid>,
}

impl Owner {
    fn new(number: usize, amount: Amount) -> Self {
        let ids = |count: usize| (0..count).map(|_| Uuid::now_v7()).collect();
        let (login, list) = (format!("{LOGIN}{number}"), Uuid::now_v7());
        // What is measured on a long list needs one of it.
        let todos = if number == 0 { amount.todos } else { amount.todos.min(100) };
        Self { id: Uuid::now_v7(), login, list, todos: ids(todos), growing: ids(GROWING) }
    }

    /// All lists, the one that is looked at first.
    pub(crate) fn lists(&self) -> impl Iterator<Item = Uuid> {
        [self.list].into_iter().chain(self.growing.iter().copied())
    }
}

/// A database with the data, and Docket's settings for it.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) settings: Vec<(&'static str, String)>,
    /// Its address, as Docket and the limit take it.
    pub(crate) url: String,
    /// Docket's folder.
    pub(crate) folder: TempDir,
}

impl Data {
    /// Makes so much.
    pub(crate) async fn make(arguments: &Arguments, amount: Amount) -> Result<Self> {
        let folder = folder()?;
        let own = settings(folder.path(), None);
        run(arguments, &["migrate"], &own, "").await?;
        run(arguments, &["user", "create", "bench@example.org", LOGIN], &own, PASSWORD).await?;
        let (base, file) = (folder.path().join("base.jsonl"), folder.path().join("data.jsonl"));
        run(arguments, &["backup", text(&base)?], &own, "").await?;
        let people = (0..PEOPLE).map(|number| Owner::new(number, amount)).collect();
        let data = Self { file: file.clone(), people, _folder: folder };
        data.fill(&fs::read_to_string(base)?, &file, amount.others)?;
        Ok(data)
    }

    // The backup of one person's empty account, with rows put in below the heads of their tables.
    fn fill(&self, base: &str, file: &Path, others: usize) -> Result<()> {
        let mut out = Out { file: BufWriter::new(File::create(file)?), hash: Sha256::new(), rows: 0 };
        let mut lines = base.lines().map(serde_json::from_str::<Value>).peekable();
        out.line(&lines.next().context("there is a head")??)?;
        let mut user = Value::Null;
        let others: Vec<(Uuid, Uuid)> = (0..others).map(|_| (Uuid::now_v7(), Uuid::now_v7())).collect();
        while let Some(head) = lines.next().transpose()? {
            let Some(table) = head["table"].as_str() else { break };
            out.line(&head)?;
            while let Some(row) = lines.next_if(|line| line.as_ref().is_ok_and(Value::is_array)).transpose()? {
                if table == "users" {
                    user = row.clone();
                }
                out.row(&row)?;
            }
            match table {
                "users" => {
                    let others = others.iter().enumerate().map(|(number, (id, _))| (*id, format!("other{number}")));
                    for (id, name) in self.people.iter().map(|owner| (owner.id, owner.login.clone())).chain(others) {
                        let mut row = user.clone();
                        let email = format!("{name}@example.org");
                        (row[0], row[1], row[2], row[3], row[4]) =
                            (json!(id), json!(email), json!(email), json!(name), json!(name));
                        out.row(&row)?;
                    }
                }
                "lists" => {
                    for owner in &self.people {
                        for (list, place) in owner.lists().zip(spread(GROWING + 1)) {
                            out.row(&list_row(list, owner.id, place.as_bytes()))?;
                        }
                    }
                    for (owner, list) in &others {
                        out.row(&list_row(*list, *owner, spread(1)[0].as_bytes()))?;
                    }
                }
                "todos" => {
                    for owner in &self.people {
                        for (number, (id, place)) in owner.todos.iter().zip(spread(owner.todos.len())).enumerate() {
                            out.row(&todo_row(*id, owner.list, owner.id, number, place.as_bytes()))?;
                        }
                    }
                    for (owner, list) in &others {
                        out.row(&todo_row(Uuid::now_v7(), *list, *owner, 0, spread(1)[0].as_bytes()))?;
                    }
                }
                _ => {}
            }
        }
        out.end()
    }

    /// A database of its own with this data: a file, or on the Postgres server.
    pub(crate) async fn restore(&self, arguments: &Arguments, on_postgres: bool) -> Result<Restored> {
        let folder = folder()?;
        let postgres = on_postgres.then(|| testing::postgres().fresh_database());
        let settings = settings(folder.path(), postgres.as_deref());
        run(arguments, &["restore", text(&self.file)?], &settings, "").await?;
        let url = postgres.unwrap_or_else(|| format!("sqlite:{}/docket.db", folder.path().display()));
        Ok(Restored { settings, url, folder })
    }
}

fn list_row(id: Uuid, owner: Uuid, place: &[u8]) -> Value {
    json!([id, owner, "This week", false, base64(place), 1, THEN, THEN, null, "this week"])
}

fn todo_row(id: Uuid, list: Uuid, owner: Uuid, number: usize, place: &[u8]) -> Value {
    let title = format!("Todo number {number}: write to somebody about it");
    let search = format!("{}\n", title.to_lowercase());
    json!([id, owner, list, title, "", null, base64(place), 1, THEN, THEN, null, search])
}

/// Lines of a backup, counted and hashed as its reader does.
struct Out {
    file: BufWriter<File>,
    hash: Sha256,
    rows: u64,
}

impl Out {
    fn line(&mut self, line: &Value) -> Result<()> {
        let line = line.to_string() + "\n";
        self.hash.update(&line);
        Ok(self.file.write_all(line.as_bytes())?)
    }

    fn row(&mut self, row: &Value) -> Result<()> {
        self.rows += 1;
        self.line(row)
    }

    fn end(mut self) -> Result<()> {
        let sum: String = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(self.file, "{}", json!({"rows": self.rows, "sha256": sum}))?;
        Ok(self.file.flush()?)
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("paths are text")
}
