//! The client behind the server functions that need somebody logged in.

use std::future::Future;

use futures::{Sink, Stream};
use server_fn::Bytes;
use server_fn::client::Client;
use server_fn::client::browser::BrowserClient;
use server_fn::request::browser::BrowserRequest;
use server_fn::response::browser::BrowserResponse;

use crate::error::ApiError;
use crate::platform;

/// For `#[server(client = BearerClient)]`: sends the access token with every call (RFC 6750, 2.1), getting a new one
/// first if it has run out.
pub struct BearerClient;

impl Client<ApiError> for BearerClient {
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: Self::Request) -> impl Future<Output = Result<Self::Response, ApiError>> + Send {
        send_wrapper::SendWrapper::new(async move {
            let token = platform::fresh_token().await?;
            request.headers().set("authorization", &format!("Bearer {token}"));
            <BrowserClient as Client<ApiError>>::send(request).await
        })
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<(impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static), ApiError>,
    > + Send {
        <BrowserClient as Client<ApiError>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<ApiError>>::spawn(future);
    }
}
