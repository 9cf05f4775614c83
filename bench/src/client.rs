//! Calls that prepare a scenario, and what a person who is logged in needs for more.

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};

use crate::data::PASSWORD;

/// Somebody who is logged in.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) token: String,
    /// The session cookie, as sent.
    pub(crate) cookie: String,
}

impl Person {
    /// Logs in for pages and calls.
    pub(crate) async fn log_in(url: &str, login: &str) -> Result<Self> {
        let body = json!({"login": login, "password": PASSWORD});
        let answer = Client::new().post(format!("{url}/api/v1/auth/log-in")).json(&body).send().await?;
        ensure!(answer.status().is_success(), "nobody can log in: {}", answer.status());
        let cookies: Vec<String> = answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .filter_map(|cookie| Some(cookie.to_str().ok()?.split(';').next()?.to_owned()))
            .collect();
        let tokens: Value = answer.json().await?;
        let token = tokens["access_token"].as_str().context("there is a token")?.to_owned();
        Ok(Self { token, cookie: cookies.join("; ") })
    }

    /// Sends a call with JSON.
    pub(crate) async fn post(&self, address: &str, body: &Value) -> Result<()> {
        let answer = Client::new().post(address).bearer_auth(&self.token).json(body).send().await?;
        ensure!(answer.status().is_success(), "{address}: {}", answer.status());
        Ok(())
    }

    /// What an address answers.
    pub(crate) async fn get(&self, address: &str) -> Result<String> {
        let call = Client::new().get(address).bearer_auth(&self.token);
        let answer = call.header("cookie", &self.cookie).send().await?;
        ensure!(answer.status().is_success(), "{address}: {}", answer.status());
        Ok(answer.text().await?)
    }
}
