//! How a server function is called: the protocol of all of them.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::codec::Json;
use server_fn::{Http, Protocol};

use super::form::{self, Form};
use crate::error::ApiError;
use crate::platform;

/// For `#[server(protocol = Open)]`: nobody has to be logged in.
pub type Open = Rpc<false>;
/// For `#[server(protocol = Guarded)]`: the call carries the access token as `Bearer` (RFC 6750, 2.1).
pub type Guarded = Rpc<true>;

/// A strict form on the way in, JSON on the way out.
///
/// The server's side is `server_fn`'s own. The browser's side differs in that sending does not depend on the
/// function: the WebAssembly holds it once (`platform::post`) instead of once for each function.
pub struct Rpc<const GUARDED: bool>;

impl<const GUARDED: bool, Input, Output, Client, Server> Protocol<Input, Output, Client, Server, ApiError>
    for Rpc<GUARDED>
where
    Http<Form, Json>: Protocol<Input, Output, Client, Server, ApiError>,
    Client: server_fn::client::Client<ApiError>,
    Server: server_fn::server::Server<ApiError>,
    Input: Serialize + Send,
    Output: DeserializeOwned,
{
    const METHOD: http::Method = http::Method::POST;

    async fn run_server<F, Fut>(request: Server::Request, function: F) -> Result<Server::Response, ApiError>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, ApiError>> + Send,
    {
        <Http<Form, Json> as Protocol<Input, Output, Client, Server, ApiError>>::run_server(request, function).await
    }

    async fn run_client(path: &str, input: Input) -> Result<Output, ApiError> {
        let body = form::encode(&input).map_err(|_| ApiError::unreachable())?;
        let answer = platform::post(path.to_owned(), body, GUARDED).await?;
        platform::from_json(&answer)
    }
}
