//! The client of the server functions: `fetch` with a limit, because a network that hangs is as good as none.

use crate::error::AppError;
use futures_util::future::{Either, select};
use leptos::server_fn::Bytes;
use leptos::server_fn::client::{Client, browser::BrowserClient};
use leptos::server_fn::request::browser::BrowserRequest;
use leptos::server_fn::response::browser::BrowserResponse;
use send_wrapper::SendWrapper;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

/// The longest wait for an answer. Nothing that a page asks for takes the server half as long.
const LIMIT: Duration = Duration::from_secs(20);

/// Calls server functions, each no longer than the limit; past it the call is given up as [`AppError::Unreachable`], and may be
/// repeated like any call whose answer was lost.
pub struct Limited;

impl Client<AppError> for Limited {
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<BrowserResponse, AppError>> + Send {
        SendWrapper::new(async move {
            let answer = pin!(<BrowserClient as Client<AppError>>::send(request));
            match select(answer, pin!(super::sleep(LIMIT))).await {
                Either::Left((answer, _)) => answer,
                Either::Right(((), _)) => Err(AppError::Unreachable),
            }
        })
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures_util::Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl futures_util::Sink<Bytes> + Send + 'static,
            ),
            AppError,
        >,
    > + Send {
        <BrowserClient as Client<AppError>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<AppError>>::spawn(future);
    }
}
