//! What is measured.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::net::TcpStream;

use crate::client::Person;
use crate::data::{Amount, Data, LOGIN, PASSWORD, Restored};
use crate::load::{Calls, Load, press, steady};
use crate::report::Budget::{AtLeast, AtMost};
use crate::report::{Report, median};
use crate::servers::{SERVERS, Server, folder, pinned, settings};
use crate::{Arguments, Effort};

/// Where the data lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "Postgres",
        }
    }
}

/// A hundred todos: what somebody's list may hold.
const HUNDRED: Amount = Amount { todos: 100, others: 0 };

/// A server that takes part, on data of its own.
struct Contender {
    name: &'static str,
    server: Server,
    /// Who is logged in: nobody where nothing is asked.
    people: Vec<Person>,
    _data: Restored,
}

impl Contender {
    async fn docket(arguments: &Arguments, data: &Data, engine: Engine) -> Result<Self> {
        let restored = data.restore(arguments, engine == Engine::Postgres).await?;
        let server = Server::docket(arguments, &restored.settings).await?;
        let people = log_in_all(&server, data).await?;
        Ok(Self { name: "Docket", server, people, _data: restored })
    }

    async fn limit(arguments: &Arguments, data: &Data, engine: Engine, library: &'static str) -> Result<Self> {
        let restored = data.restore(arguments, engine == Engine::Postgres).await?;
        let url = match library {
            "rusqlite" => restored.url.trim_start_matches("sqlite:"),
            _ => &restored.url,
        };
        let server = Server::other(&arguments.limit, &[library, url]).await?;
        let name = if library == "rusqlite" { "limit with rusqlite" } else { "limit" };
        Ok(Self { name, server, people: Vec::new(), _data: restored })
    }

    async fn fastapi(interpreter: &Path, data: &Data) -> Result<Self> {
        let folder = folder()?;
        let (people, file) = (folder.path().join("people.json"), folder.path().join("peer.db"));
        std::fs::write(&people, serde_json::to_vec(&data.people)?)?;
        let (people, file) = (people.display().to_string(), file.display().to_string());
        let server = Server::other(interpreter, &["bench/peers/fastapi/main.py", &file, &people, PASSWORD]).await?;
        let people = log_in_all(&server, data).await?;
        let data = Restored { settings: Vec::new(), url: file, folder };
        Ok(Self { name: "FastAPI", server, people, _data: data })
    }

    /// A call by one person after the other.
    fn calls(&self, name: &str, data: &Data) -> Calls {
        let quoted =
            |ids: &mut dyn Iterator<Item = String>| ids.map(|id| format!("'{id}'")).collect::<Vec<_>>().join(",");
        let people: Vec<String> = data
            .people
            .iter()
            .enumerate()
            .map(|(index, owner)| {
                let token = self.people.get(index).map(|person| person.token.as_str()).unwrap_or_default();
                let ids = match name {
                    "create" => quoted(&mut owner.growing.iter().map(ToString::to_string)),
                    "toggle" => quoted(&mut owner.todos.iter().map(ToString::to_string)),
                    _ => format!("'{}'", owner.list),
                };
                format!("{{ authorization = 'Bearer {token}', ids = {{ {ids} }} }}")
            })
            .collect();
        let (method, address, body) = match name {
            "create" => ("POST", "'/api/v1/lists/' .. id .. '/todos'", "'{\"title\":\"Write to somebody about it\"}'"),
            "toggle" => {
                ("PATCH", "'/api/v1/todos/' .. id", "round % 2 == 0 and '{\"done\":true}' or '{\"done\":false}'")
            }
            _ => ("GET", "'/api/v1/lists/' .. id .. '/todos?limit=100'", "nil"),
        };
        let script = format!(
            "local people = {{ {} }}\nlocal n = -1\n\
             request = function()\n n = n + 1\n local person = people[n % #people + 1]\n\
             local turn = math.floor(n / #people)\n local id = person.ids[turn % #person.ids + 1]\n\
             local round = math.floor(turn / #person.ids)\n\
             local headers = {{ ['authorization'] = person.authorization, ['content-type'] = 'application/json' }}\n\
             return wrk.format('{method}', {address}, headers, {body})\nend\n",
            people.join(",\n")
        );
        Calls { script, path: format!("/api/v1/lists/{}/todos?limit=100", data.people[0].list) }
    }

    /// One call of the first person, again and again.
    fn call(&self, path: String) -> Calls {
        Calls { script: format!("wrk.headers['authorization'] = 'Bearer {}'\n", self.people[0].token), path }
    }

    // Toggling begins with todos that are to do: where nothing changes, nothing is written.
    async fn reopen(&self, data: &Data) -> Result<()> {
        if self.name == "Docket" {
            for (person, owner) in self.people.iter().zip(&data.people) {
                let address = format!("{}/api/v1/lists/{}/todos/batch", self.server.url, owner.list);
                person.post(&address, &json!({"reopen": owner.todos})).await?;
            }
        }
        Ok(())
    }

    async fn get(&self, path: &str) -> Result<String> {
        let address = format!("{}{path}", self.server.url);
        match self.people.first() {
            Some(person) => person.get(&address).await,
            None => Ok(reqwest::get(address).await?.text().await?),
        }
    }
}

async fn log_in_all(server: &Server, data: &Data) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    for owner in &data.people {
        people.push(Person::log_in(&server.url, &owner.login).await?);
    }
    Ok(people)
}

/// One of the three calls that matter most, beside the limit and beside others.
pub(crate) async fn calls(
    arguments: &Arguments,
    effort: Effort,
    engine: Engine,
    name: &str,
    report: &mut Report,
) -> Result<()> {
    eprintln!("{name} on {}", engine.name());
    let data = Data::make(arguments, HUNDRED).await?;
    let mut contenders = vec![Contender::docket(arguments, &data, engine).await?];
    contenders.push(Contender::limit(arguments, &data, engine, "sqlx").await?);
    if engine == Engine::Sqlite && name == "list" {
        contenders.push(Contender::limit(arguments, &data, engine, "rusqlite").await?);
    }
    if let Some(interpreter) = arguments.fastapi.as_ref().filter(|_| engine == Engine::Sqlite) {
        contenders.push(Contender::fastapi(interpreter, &data).await?);
    }
    if name == "list" {
        same_bytes(&contenders[..2], &data).await?;
    }
    let mut loads: Vec<Vec<Load>> = vec![Vec::new(); contenders.len()];
    for _ in 0..effort.turns {
        for (contender, loads) in contenders.iter().zip(&mut loads) {
            if name == "toggle" {
                contender.reopen(&data).await?;
            }
            loads.push(press(&contender.server, &contender.calls(name, &data), effort.time).await?);
        }
    }
    let what = |who: &str| format!("{name}, {}, {who}", engine.name());
    let ratio =
        |other: usize| median(loads[0].iter().zip(&loads[other]).map(|(docket, other)| docket.rate / other.rate));
    for (contender, loads) in contenders.iter().zip(&loads) {
        tell(report, &what(contender.name), loads);
    }
    report.judge(what("Docket to limit"), ratio(1), "×", AtLeast(0.8));
    for (index, contender) in contenders.iter().enumerate().skip(2) {
        match contender.name {
            "FastAPI" => report.judge(what("Docket to FastAPI"), ratio(index), "×", AtLeast(10.0)),
            other => report.note(what(&format!("Docket to {other}")), ratio(index), "×"),
        }
    }
    if name == "create" && engine == Engine::Sqlite {
        let p99 = median(loads[0].iter().map(|load| load.p99));
        report.judge(what("Docket, 99 of 100 within"), p99, "ms", AtMost(10.0));
    }
    for contender in contenders {
        contender.server.stop().await?;
    }
    Ok(())
}

fn tell(report: &mut Report, what: &str, loads: &[Load]) {
    report.note(what, median(loads.iter().map(|load| load.rate)), "/s");
    report.note(format!("{what}, p50"), median(loads.iter().map(|load| load.p50)), "ms");
    report.note(format!("{what}, p99"), median(loads.iter().map(|load| load.p99)), "ms");
    report.note(format!("{what}, processor"), median(loads.iter().map(|load| load.processor)), "µs a call");
}

// Else it would not be the same work.
async fn same_bytes(contenders: &[Contender], data: &Data) -> Result<()> {
    let mut answers = Vec::new();
    for contender in contenders {
        answers.push(contender.get(&contender.calls("list", data).path).await?);
    }
    ensure!(answers[0] == answers[1], "Docket and the limit answer differently");
    Ok(())
}

/// The page of a list, rendered on the server, beside the same todos as JSON.
pub(crate) async fn page(arguments: &Arguments, effort: Effort, report: &mut Report) -> Result<()> {
    eprintln!("page");
    let data = Data::make(arguments, HUNDRED).await?;
    let docket = Contender::docket(arguments, &data, Engine::Sqlite).await?;
    let script = format!("wrk.headers['cookie'] = '{}'\n", docket.people[0].cookie);
    let page = Calls { script, path: format!("/lists/{}", data.people[0].list) };
    let (mut pages, mut lists) = (Vec::new(), Vec::new());
    for _ in 0..effort.turns {
        pages.push(press(&docket.server, &page, effort.time).await?);
        let list = docket.call(docket.calls("list", &data).path);
        lists.push(press(&docket.server, &list, effort.time).await?);
    }
    tell(report, "page of 100 todos", &pages);
    let ratio = median(pages.iter().zip(&lists).map(|(page, list)| page.rate / list.rate));
    report.judge("page of 100 todos to their JSON", ratio, "×", AtLeast(0.5));
    let html = docket.get(&page.path).await?;
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    report.judge("HTML of the page, for each todo", html.len() as f64 / 100.0, "bytes", AtMost(1024.0));
    docket.server.stop().await
}

fn log_in_calls() -> Calls {
    let body = json!({"login": format!("{LOGIN}0"), "password": PASSWORD, "cookies": false});
    let script =
        format!("wrk.method = 'POST'\nwrk.headers['content-type'] = 'application/json'\nwrk.body = '{body}'\n");
    Calls { script, path: "/api/v1/auth/log-in".into() }
}

/// Logging in, beside nothing but the hashing of passwords.
pub(crate) async fn log_in(arguments: &Arguments, effort: Effort, report: &mut Report) -> Result<()> {
    eprintln!("log-in");
    let data = Data::make(arguments, HUNDRED).await?;
    let docket = Contender::docket(arguments, &data, Engine::Sqlite).await?;
    let fastapi = match &arguments.fastapi {
        Some(interpreter) => Some(Contender::fastapi(interpreter, &data).await?),
        None => None,
    };
    let (mut rates, mut hashes, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.turns {
        rates.push(press(&docket.server, &log_in_calls(), effort.time).await?);
        let seconds = effort.time.as_secs().to_string();
        let bare = pinned(SERVERS, &arguments.limit).args(["argon2", &seconds]).output().await?;
        hashes.push(String::from_utf8_lossy(&bare.stdout).trim().parse::<f64>()?);
        if let Some(fastapi) = &fastapi {
            others.push(press(&fastapi.server, &log_in_calls(), effort.time).await?);
        }
    }
    tell(report, "log-in, Docket", &rates);
    report.note("Argon2id alone", median(hashes.iter().copied()), "/s");
    let ratio = median(rates.iter().zip(&hashes).map(|(load, hashes)| load.rate / hashes));
    report.judge("log-in to Argon2id alone", ratio, "×", AtLeast(0.95));
    if let Some(fastapi) = fastapi {
        tell(report, "log-in, FastAPI", &others);
        fastapi.server.stop().await?;
    }
    docket.server.stop().await
}

/// What others feel of a flood of log-ins, and what it takes of memory.
pub(crate) async fn flood(arguments: &Arguments, effort: Effort, report: &mut Report) -> Result<()> {
    eprintln!("log-in flood");
    let data = Data::make(arguments, HUNDRED).await?;
    let docket = Contender::docket(arguments, &data, Engine::Sqlite).await?;
    let address = format!("{}{}", docket.server.url, docket.calls("list", &data).path);
    let (mut calm, mut flooded) = (Vec::new(), Vec::new());
    for _ in 0..effort.turns {
        calm.push(steady(&address, &docket.people[0].token, 200.0, effort.time).await?);
        let calls = log_in_calls();
        let (beside, load) = tokio::join!(
            steady(&address, &docket.people[0].token, 200.0, effort.time),
            press(&docket.server, &calls, effort.time)
        );
        load?;
        flooded.push(beside?);
    }
    let p99 = |all: &[crate::load::Latency]| median(all.iter().map(|one| one.p99));
    report.note("list at 200/s, p50", median(calm.iter().map(|one| one.p50)), "ms");
    report.note("list at 200/s, p99", p99(&calm), "ms");
    report.note("list at 200/s in a log-in flood, p99", p99(&flooded), "ms");
    report.judge("p99 in a log-in flood to p99 without", p99(&flooded) / p99(&calm), "×", AtMost(2.0));
    report.judge("memory in a log-in flood, at its highest", docket.server.memory("VmHWM")?, "MB", AtMost(80.0));
    docket.server.stop().await
}

/// What a call costs where there is much.
pub(crate) async fn growth(arguments: &Arguments, effort: Effort, report: &mut Report) -> Result<()> {
    eprintln!("growth");
    let few = Data::make(arguments, HUNDRED).await?;
    let many = Data::make(arguments, Amount { todos: 100_000, others: 0 }).await?;
    let people = Data::make(arguments, Amount { todos: 100, others: 100_000 }).await?;
    let few_at = Contender::docket(arguments, &few, Engine::Sqlite).await?;
    let many_at = Contender::docket(arguments, &many, Engine::Sqlite).await?;
    let people_at = Contender::docket(arguments, &people, Engine::Sqlite).await?;
    let last = many_at.call(last_page(&many_at, &many).await?);
    let rows: [(&str, &Contender, Calls); 4] = [
        ("100 todos", &few_at, few_at.call(few_at.calls("list", &few).path)),
        ("first 100 of 100,000 todos", &many_at, many_at.call(many_at.calls("list", &many).path)),
        ("last 100 of 100,000 todos", &many_at, last),
        ("100 todos beside 100,000 people", &people_at, people_at.call(people_at.calls("list", &people).path)),
    ];
    let mut costs: Vec<Vec<f64>> = vec![Vec::new(); rows.len()];
    for _ in 0..effort.turns {
        for ((_, contender, calls), costs) in rows.iter().zip(&mut costs) {
            costs.push(press(&contender.server, calls, effort.time).await?.processor);
        }
    }
    let ratio = |of: usize, to: usize| median(costs[of].iter().zip(&costs[to]).map(|(of, to)| of / to));
    for ((what, ..), costs) in rows.iter().zip(&costs) {
        report.note(format!("list, {what}, processor"), median(costs.iter().copied()), "µs a call");
    }
    report.judge("first 100 of 100,000 todos to 100", ratio(1, 0), "×", AtMost(1.2));
    report.judge("last 100 of 100,000 todos to first", ratio(2, 1), "×", AtMost(1.2));
    report.judge("100 todos beside 100,000 people to alone", ratio(3, 0), "×", AtMost(1.2));
    for contender in [few_at, many_at, people_at] {
        contender.server.stop().await?;
    }
    Ok(())
}

// By the cursors, as a program would; the last page is full.
async fn last_page(contender: &Contender, data: &Data) -> Result<String> {
    let mut path = format!("/api/v1/lists/{}/todos?limit=200", data.people[0].list);
    let base = path.clone();
    let mut before_last = None;
    loop {
        let page: serde_json::Value = serde_json::from_str(&contender.get(&path).await?)?;
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{base}&cursor={cursor}");
        before_last = Some(path.clone());
    }
    // From 200 before the end on, two stretches of a hundred lead to the last one.
    let mut path = before_last.context("there are several pages")?.replace("limit=200", "limit=100");
    loop {
        let page: serde_json::Value = serde_json::from_str(&contender.get(&path).await?)?;
        let Some(cursor) = page["next_cursor"].as_str() else { return Ok(path) };
        path = format!("{}&cursor={cursor}", base.replace("limit=200", "limit=100"));
    }
}

/// From nothing to ready, and what it takes of memory then.
pub(crate) async fn start(arguments: &Arguments, effort: Effort, report: &mut Report) -> Result<()> {
    eprintln!("start");
    let data = Data::make(arguments, HUNDRED).await?;
    let restored = data.restore(arguments, false).await?;
    let mut took = Vec::new();
    for _ in 0..effort.turns * 3 {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut settings = settings(restored.folder.path(), None);
        settings.retain(|(name, _)| *name != "DOCKET_ADDR");
        settings.push(("DOCKET_ADDR", port.to_string()));
        let begun = Instant::now();
        let starting = Server::docket(arguments, &settings);
        let (server, ready) = tokio::join!(starting, ready(port, begun));
        took.push(ready?);
        server?.stop().await?;
    }
    report.judge("from the start to ready", median(took), "ms", AtMost(50.0));
    let docket = Contender::docket(arguments, &data, Engine::Sqlite).await?;
    docket.get(&format!("/lists/{}", data.people[0].list)).await?;
    // What was needed for one log-in and one page is given back by then, if it is.
    tokio::time::sleep(Duration::from_secs(2)).await;
    report.judge("memory, idle after a log-in and a page", docket.server.memory("VmRSS")?, "MB", AtMost(25.0));
    docket.server.stop().await
}

async fn ready(addr: std::net::SocketAddr, begun: Instant) -> Result<f64> {
    loop {
        if TcpStream::connect(addr).await.is_ok()
            && let Ok(answer) = reqwest::get(format!("http://{addr}/readyz")).await
            && answer.status().is_success()
        {
            return Ok(begun.elapsed().as_secs_f64() * 1e3);
        }
        ensure!(begun.elapsed() < Duration::from_secs(30), "Docket is not ready after half a minute");
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
}

/// What a page that is worked with loads, and the size of the program.
#[expect(clippy::cast_precision_loss, reason = "some millions")]
pub(crate) async fn sizes(arguments: &Arguments, report: &mut Report) -> Result<()> {
    eprintln!("size");
    let data = Data::make(arguments, HUNDRED).await?;
    let docket = Contender::docket(arguments, &data, Engine::Sqlite).await?;
    let page = docket.get(&format!("/lists/{}", data.people[0].list)).await?;
    let is_code = |text: &&str| text.starts_with("/pkg/") && (text.ends_with(".js") || text.ends_with(".wasm"));
    // Each once, wherever it is named.
    let files: BTreeSet<&str> = page.split('"').filter(is_code).collect();
    ensure!(files.len() == 2, "the page loads {files:?}");
    let mut first_load = 0;
    for file in files {
        let asked = reqwest::Client::new().get(format!("{}{file}", docket.server.url)).header("accept-encoding", "br");
        first_load += asked.send().await?.error_for_status()?.bytes().await?.len();
    }
    report.judge("WebAssembly and JavaScript, in brotli", first_load as f64 / 1024.0, "KiB", AtMost(260.0));
    report.judge("the program", arguments.docket.metadata()?.len() as f64 / 1e6, "MB", AtMost(25.0));
    docket.server.stop().await
}
