//! Pages and scripts that are part of the binary, also at the paths old pages use.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use nodechat_domain::model::CompanyId;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::Api;
use super::caller::text;

/// What `npm run build` in `web/` makes; in debug builds read from there at each request.
#[derive(RustEmbed)]
#[folder = "../../web/dist/"]
struct Dist;

/// For pages: our own scripts, styles and sockets, nothing else.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
     connect-src 'self' ws: wss:; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'",
);

pub fn router() -> Router<Arc<Api>> {
    // Addresses without a version in them must be asked for again; the answer is mostly 304.
    let file = |path: &'static str| get(async move |headers: HeaderMap| asset(path, &headers));
    Router::new()
        .route("/", file("start/index.html"))
        .route("/favicon.ico", file("start/favicon.ico"))
        .route(
            "/demo/{name}",
            get(async |Path(name): Path<String>, headers: HeaderMap| {
                asset(&format!("start/demo/{name}"), &headers)
            })
            // The demo's calls are below here; without the demo they are not there, whatever the method.
            .fallback(async |headers: HeaderMap| missing(&headers)),
        )
        .route(
            "/start/{*path}",
            get(async |Path(path): Path<String>, headers: HeaderMap| {
                asset(&format!("start/{path}"), &headers)
            }),
        )
        .route("/chat/{company}", get(visitor_page))
        .route("/chat/assets/{name}", get(built))
        .route("/sdk/v1/nodechat.js", file("sdk/nodechat.js"))
        .route("/sdk/v1/nodechat.mjs", file("sdk/nodechat.mjs"))
        .route("/sdk/v1/nodechat.d.ts", file("sdk/nodechat.d.ts"))
        .route("/sdk/v1/loader.js", file("sdk/loader.js"))
        .route("/webjars/onlinechat/nodechat.js", file("sdk/nodechat.js"))
        .route("/webjars/onlinechat/onlinechat.js", file("sdk/onlinechat.js"))
        .route("/webjars/socket.io-client/dist/socket.io.js", file("sdk/socket.io.js"))
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route("/docs/rest", get(async || Redirect::permanent("/docs/rest/")))
        .route("/docs/", get(async |headers: HeaderMap| Redirect::temporary(manual(&headers))))
        .route(
            "/docs/{*path}",
            get(async |Path(path): Path<String>, headers: HeaderMap| {
                asset(&format!("docs/{path}"), &headers)
            }),
        )
        .route("/console", get(async |headers: HeaderMap| asset(CONSOLE, &headers)))
        .route("/console/{*path}", get(console))
        .fallback(async |headers: HeaderMap| missing(&headers))
}

/// The agents' console: one page at many addresses, with its scripts beside it.
const CONSOLE: &str = "console/index.html";

async fn console(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if is_file { asset(&format!("console/{path}"), &headers) } else { asset(CONSOLE, &headers) }
}

/// The manual in the language that the browser prefers.
fn manual(headers: &HeaderMap) -> &'static str {
    let preferred = text(headers, header::ACCEPT_LANGUAGE.as_str()).unwrap_or_default();
    if preferred.trim_start().to_ascii_lowercase().starts_with("zh") { "/docs/zh/" } else { "/docs/en/" }
}

/// The visitor's page, the same one for each company; who that is the page asks by itself.
async fn visitor_page(
    State(api): State<Arc<Api>>,
    Path(company): Path<String>,
    headers: HeaderMap,
) -> Response {
    let mut page = asset("chat/index.html", &headers);
    let origins = match CompanyId::parse(&company) {
        Ok(id) => api.access.companies.find(&id).await.map(|found| found.map(|company| company.origins)),
        Err(_) => Ok(None),
    };
    let policy = match origins {
        Ok(origins) => framed_by(&origins.unwrap_or_default()),
        Err(error) => {
            // The page can say that the service is in trouble; only who may frame it is not known now.
            tracing::debug!(%error, "the visitor's page is framed by nobody until the store answers");
            PAGE_POLICY
        }
    };
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    page
}

/// A part of the visitor's page. Its name changes with what is in it.
async fn built(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let mut response = asset(&format!("chat/assets/{name}"), &headers);
    if response.status() != StatusCode::NOT_FOUND {
        let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, for_ever);
    }
    response
}

/// The policy of a page that these origins may show inside of theirs, or any when there are none.
fn framed_by(origins: &[String]) -> HeaderValue {
    const OWN: &str = " frame-ancestors 'self';";
    let policy = PAGE_POLICY;
    let policy = policy.to_str().expect("it is written above");
    let framed = if origins.is_empty() {
        policy.replace(OWN, "")
    } else {
        // What could end the directive is in no origin that a browser would send.
        let plain = |origin: &&String| origin.bytes().all(|b| b.is_ascii_graphic() && !b";,'\"".contains(&b));
        let origins: String = origins.iter().filter(plain).map(|origin| format!(" {origin}")).collect();
        policy.replace(OWN, &format!(" frame-ancestors 'self'{origins};"))
    };
    framed.parse().expect("what was put in is visible ASCII")
}

/// A file of the binary. `path` is looked up in a list of names, never in a file system.
fn asset(path: &str, headers: &HeaderMap) -> Response {
    let index;
    let path = if path.ends_with('/') {
        index = format!("{path}index.html");
        &index
    } else {
        path
    };
    if let Some(file) = Dist::get(path) {
        return send(path, &file, headers);
    }
    let Some(file) = Dist::get(&format!("{path}.gz")) else { return missing(headers) };
    // Kept in this form only. What does not say that it takes it takes it all the same (RFC 9110, section 12.5.3).
    let mut response = send(path, &file, headers);
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

fn send(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag = format!("\"{:016x}\"", u64::from_be_bytes(hash[..8].try_into().expect("a hash has 32 bytes")));
    let known = text(headers, header::IF_NONE_MATCH.as_str()).is_some_and(|tags| tags.contains(&tag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.data.clone().into_owned().into_response()
    };
    let media_type = mime_guess::from_path(path).first_or_octet_stream();
    let is_page = media_type.essence_str() == "text/html";
    let charset = if media_type.type_() == "text" || path.ends_with("js") { "; charset=utf-8" } else { "" };
    let media_type = format!("{}{charset}", media_type.essence_str());
    let answered = response.headers_mut();
    answered.insert(header::CONTENT_TYPE, media_type.parse().expect("media types are ASCII"));
    answered.insert(header::ETAG, tag.parse().expect("a tag is ASCII"));
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    answered.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_page {
        answered.insert(header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
        answered.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    } else {
        // Scripts are for pages of any origin.
        answered.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        answered.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
    response
}

fn missing(headers: &HeaderMap) -> Response {
    let wants_page =
        text(headers, header::ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/html"));
    match Dist::get("start/404.html").filter(|_| wants_page) {
        Some(page) => {
            let mut response = send("404.html", &page, &HeaderMap::new());
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
        None => (StatusCode::NOT_FOUND, "there is nothing here\n").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(origins: &[&str]) -> String {
        let origins: Vec<String> = origins.iter().copied().map(Into::into).collect();
        framed_by(&origins).to_str().unwrap().to_owned()
    }

    #[test]
    fn a_visitors_page_is_framed_by_the_companys_origins_or_else_by_any() {
        assert!(!policy(&[]).contains("frame-ancestors"));
        assert!(policy(&[]).contains("script-src 'self';"), "the rest stands");
        let listed = policy(&["https://shop.example", "https://www.shop.example:8443"]);
        assert!(listed.contains(
            " frame-ancestors 'self' https://shop.example https://www.shop.example:8443; base-uri 'none'"
        ));
    }

    #[test]
    fn no_origin_can_say_more_than_an_origin() {
        let odd = policy(&["https://a;script-src", "https://b,https://c", "https://中文.example"]);
        assert!(odd.contains(" frame-ancestors 'self'; base-uri 'none'"));
        assert_eq!(odd.matches("script-src").count(), 1);
    }
}
