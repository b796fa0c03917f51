//! The OpenAPI document: what handlers say of themselves, and what holds for all of them.

use nodechat_domain::Code;
use utoipa::PartialSchema as _;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, Required, Response,
    ResponseBuilder, ServerBuilder,
};

use super::problem::Problem;

const ABOUT: &str = "\
Everything of a company's support that is administered or asked for by programs. \
A call shows an API key (`nodechat apikey create`) or an agent's ticket as `Authorization: Bearer …`. \
Times are milliseconds since the Unix epoch. Lists come in pages: ask again with `cursor` = `next` until there is no `next`. \
A `POST` or `PATCH` with an `Idempotency-Key` can be repeated safely for a day: the first answer comes again.";

const BEARER: &str = "bearer";
/// Of calls that are about no company.
const PLATFORM: &str = "platform";

/// Ways to show who calls.
const SCHEMES: [(&str, &str); 2] = [
    (BEARER, "An API key, or an agent's ticket."),
    (PLATFORM, "The platform's API key (`nodechat apikey create --platform`)."),
];

/// Every refusal that any call may meet.
const REFUSALS: [(u16, &str); 10] = [
    (400, "Something is missing (4001), not valid (4002) or no JSON (5009)"),
    (401, "The key or ticket is missing, unknown or expired (4003)"),
    (403, "Not allowed (4003)"),
    (404, "There is no such thing, for this caller (4004)"),
    (409, "In conflict with the present state (4009)"),
    (413, "Too large (5402)"),
    (415, "This kind of file is not allowed (5401)"),
    (429, "Too many requests (4029)"),
    (500, "A defect of the server (5000)"),
    (503, "Temporarily unavailable (5003)"),
];

/// `described` are the paths with their schemas, `prefix` the path before all of them.
pub fn complete(described: OpenApi, prefix: &str) -> OpenApi {
    let mut api = described;
    api.info = InfoBuilder::new()
        .title("Nodechat")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
        .build();
    let server = if prefix.is_empty() { "/" } else { prefix };
    api.servers = Some(vec![ServerBuilder::new().url(server).build()]);
    api.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>(BEARER, [])]);
    let components = api.components.get_or_insert_with(Components::new);
    for (name, about) in SCHEMES {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some(about.to_owned());
        components.add_security_scheme(name, SecurityScheme::Http(scheme));
    }
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    for (status, what) in REFUSALS {
        components.responses.insert(name(status), RefOr::T(refusal(what)));
    }
    for item in api.paths.paths.values_mut() {
        for operation in [&mut item.post, &mut item.patch].into_iter().flatten() {
            operation.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
        }
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            complete_operation(operation);
        }
    }
    api
}

/// What every handler would say again.
fn complete_operation(operation: &mut Operation) {
    // Handlers are called alike in every file.
    if let (Some(id), Some(tag)) = (&operation.operation_id, operation.tags.iter().flatten().next()) {
        operation.operation_id = Some(format!("{}.{id}", tag.replace(' ', "_")));
    }
    // `security(())`: nobody has to be shown.
    let nothing = SecurityRequirement::default();
    let platform = SecurityRequirement::new::<_, [&str; 0], &str>(PLATFORM, []);
    let needed = operation.security.as_deref().unwrap_or_default();
    if !needed.contains(&nothing) && !needed.contains(&platform) {
        operation.parameters.get_or_insert_default().push(RefOr::T(company()));
    }
    add_refusals(operation);
}

fn add_refusals(operation: &mut Operation) {
    for (status, _) in REFUSALS {
        let answers = &mut operation.responses.responses;
        answers
            .entry(status.to_string())
            .or_insert_with(|| RefOr::Ref(Ref::new(format!("#/components/responses/{}", name(status)))));
    }
}

fn company() -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::String).max_length(Some(64)).build();
    ParameterBuilder::new()
        .name("companyid")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some("The company that the call is about. Needed with the platform's key only."))
        .schema(Some(schema))
        .build()
}

fn idempotency_key() -> Parameter {
    let schema =
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255)).build();
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Within a day the same call with the same key is done once, and answered the same.",
        ))
        .schema(Some(schema))
        .build()
}

fn refusal(what: &str) -> Response {
    let schema = RefOr::<utoipa::openapi::Schema>::Ref(Ref::from_schema_name("Problem"));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
    let retry_after = HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds")).build();
    let mut builder = ResponseBuilder::new().description(what).content("application/problem+json", content);
    let may_pass =
        [Code::TooMany, Code::Unavailable].iter().any(|code| what.contains(&(*code as u16).to_string()));
    if may_pass {
        builder = builder.header("Retry-After", retry_after);
    }
    builder.build()
}

fn name(status: u16) -> String {
    format!("Refused{status}")
}
