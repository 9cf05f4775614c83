//! What the server tells a page or a server function about the request, and what they tell it to do afterwards. The
//! server puts a [`RequestScope`] into the request's extensions; cookies and statuses are its business.

use std::sync::{Arc, Mutex, PoisonError};

use docket::Docket;
use docket::accounts::User;
use docket::config::Secret;
use docket::lists::{self, List};
use docket::sessions::Identity;
use docket::sessions::service::Opened;
use leptos::prelude::*;

use crate::error::ApiError;
use crate::flash::{Flash, undo_form};
use crate::paths;
use crate::theme::Theme;
use crate::todos::see_list_beside_all;
use crate::trash::see_contents;
use crate::ui::load::{Loaded, PageData};

/// The request that is being answered. Cheap to clone.
#[derive(Clone)]
pub struct RequestScope {
    /// The use cases' surroundings.
    pub docket: Docket,
    /// Who is logged in, if anybody.
    pub identity: Option<Identity>,
    /// The refresh cookie, where the browser sends it.
    pub refresh_token: Option<String>,
    /// Their lists, for the pages that show them beside the page itself.
    pub lists: Arc<[List]>,
    /// What the page itself is made of, until it is taken.
    page: Arc<Mutex<Option<Loaded>>>,
    /// What the plain form before this page left.
    pub flash: Option<Flash>,
    /// The key of what another form left, while the password is asked for in between.
    pub waiting: Option<String>,
    /// How pages look on this device.
    pub theme: Theme,
    /// The names of the site's files.
    pub site: Arc<SiteFiles>,
    outcome: Arc<Mutex<Outcome>>,
}

/// Paths of the front end's files, with the hashes of their contents in them.
#[derive(Debug, Clone, Default)]
pub struct SiteFiles {
    /// The style sheet.
    pub css: String,
    /// The module that loads the WebAssembly.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
}

/// What the server shall do with the answer.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Cookies to set or remove.
    pub credentials: Option<Credentials>,
    /// Where a plain form leads. Callers in WebAssembly find their own way.
    pub location: Option<String>,
    /// Whether the next page is told what was sent, although it worked.
    pub tells_sent: bool,
    /// What the next page shall say.
    pub notice: Option<String>,
    /// The form by which the next page offers to take it back, as HTML.
    pub undo: Option<String>,
    /// The key of what another form left, for the page that is shown next.
    pub waiting: Option<String>,
    /// How pages look on this device from now on.
    pub theme: Option<Theme>,
    /// The page's status, if not 200.
    pub status: Option<u16>,
    /// The nonce of the page's scripts, for the content security policy.
    pub nonce: Option<String>,
}

/// A change to the browser's credentials.
#[derive(Debug)]
pub enum Credentials {
    /// Logged in, or given a new refresh token.
    Set(Opened),
    /// The session goes on with another cookie.
    Cookie(Secret),
    /// Logged out.
    Remove,
}

impl Outcome {
    /// Tells on the next page what was done, and offers to take it back: by a server function, with these fields.
    pub fn undoable(&mut self, notice: impl Into<String>, action: &str, fields: &[(&str, &str)]) {
        self.notice = Some(notice.into());
        self.undo = Some(undo_form(action, fields));
    }
}

impl RequestScope {
    /// A scope for a request.
    #[must_use]
    pub fn new(docket: Docket, site: Arc<SiteFiles>) -> Self {
        Self {
            docket,
            identity: None,
            lists: Arc::default(),
            page: Arc::default(),
            refresh_token: None,
            flash: None,
            waiting: None,
            theme: Theme::default(),
            site,
            outcome: Arc::default(),
        }
    }

    /// Reads what a page is made of, and the lists beside it, before it is rendered: rendering then never waits.
    ///
    /// # Errors
    /// When the lists cannot be read. What is wrong with the page, the page says.
    pub async fn read_for(&mut self, uri: &http::Uri) -> Result<(), docket::Error> {
        let Some(user) = self.identity.as_ref().map(|who| who.user.id).filter(|_| paths::has_lists(uri.path())) else {
            return Ok(());
        };
        let (lists, page) = match paths::list_of(uri.path()) {
            Some(id) => {
                let (lists, page) = see_list_beside_all(&self.docket, user, id, parameter(uri, "page")).await?;
                (lists, Some(page.map(PageData::List)))
            }
            None => {
                let lists = lists::service::all(&self.docket, user).await?.into_iter().map(List::from).collect();
                let is_trash = uri.path().trim_end_matches('/') == paths::TRASH;
                let trash = if is_trash { Some(see_contents(&self.docket, user).await) } else { None };
                (lists, trash.map(|trash| trash.map(PageData::Trash)))
            }
        };
        self.lists = lists.into();
        self.page = Arc::new(Mutex::new(page));
        Ok(())
    }

    /// What the page is made of: once. An address that nothing is read for makes no sense.
    pub(crate) fn take_page(&self) -> Loaded {
        let page = self.page.lock().unwrap_or_else(PoisonError::into_inner).take();
        page.unwrap_or_else(|| Err(ApiError::nowhere()))
    }

    /// Who is logged in.
    ///
    /// # Errors
    /// When nobody is.
    pub fn user(&self) -> Result<&User, ApiError> {
        Ok(&self.identity()?.user)
    }

    /// Who is logged in, by which session.
    ///
    /// # Errors
    /// When nobody is.
    pub fn identity(&self) -> Result<&Identity, ApiError> {
        Ok(self.identity.as_ref().ok_or(docket::Error::TokenMissing)?)
    }

    /// Takes note of what the server shall do.
    pub fn then(&self, note: impl FnOnce(&mut Outcome)) {
        note(&mut self.outcome.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// What was noted; the notes are empty afterwards.
    #[must_use]
    pub fn take_outcome(&self) -> Outcome {
        std::mem::take(&mut self.outcome.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn parameter(uri: &http::Uri, name: &str) -> Option<String> {
    let mut all = form_urlencoded::parse(uri.query()?.as_bytes());
    all.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

/// The scope of the request that is being answered.
///
/// # Errors
/// When called outside of one.
pub fn scope() -> Result<RequestScope, ApiError> {
    let scope = with_context(|parts: &http::request::Parts| parts.extensions.get::<RequestScope>().cloned()).flatten();
    // Happens when the library lists the pages at the start: it renders each once, for nobody.
    scope.ok_or_else(crate::words::internal)
}

/// The scope and the id of whoever is logged in: how every guarded server function begins.
///
/// # Errors
/// When nobody is logged in.
pub fn signed_in() -> Result<(RequestScope, uuid::Uuid), ApiError> {
    let scope = scope()?;
    let user = scope.user()?.id;
    Ok((scope, user))
}
