//! The limit that Docket is measured against: bare axum handlers around the queries that the calls cannot do without, on
//! Docket's own database with the same settings, answering the same bytes. No accounts, no sessions, no rules, no limits, no
//! log: `limit sqlx URL`, `limit rusqlite FILE`, and `limit argon2 SECONDS` for the hashing of passwords.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program says what it found, or panics")]

mod answers;
mod postgres;
mod sqlite;
mod sqlite_direct;

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use axum::Router;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["sqlx", url] if url.starts_with("postgres:") => serve(postgres::router(url).await).await,
        ["sqlx", url] => serve(sqlite::router(url.trim_start_matches("sqlite:")).await).await,
        ["rusqlite", file] => serve(sqlite_direct::router(file)).await,
        ["argon2", seconds] => hash_for(Duration::from_secs(seconds.parse().unwrap())),
        _ => panic!("limit sqlx URL | limit rusqlite FILE | limit argon2 SECONDS"),
    }
}

async fn serve(router: Router) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    axum::serve(listener, router).await.unwrap();
}

/// Hashes on one processor at Docket's parameters, in memory that is got once, and tells how many hashes a second that were.
fn hash_for(time: Duration) {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None).unwrap());
    let mut memory = vec![Block::default(); argon2.params().block_count()];
    let (begun, mut count, mut out) = (Instant::now(), 0_u32, [0; 32]);
    while begun.elapsed() < time {
        let hashed =
            argon2.hash_password_into_with_memory(b"correct horse battery", b"0123456789abcdef", &mut out, &mut memory);
        hashed.unwrap();
        count += 1;
    }
    println!("{}", f64::from(count) / begun.elapsed().as_secs_f64());
}
