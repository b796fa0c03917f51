//! `company`: how a company presents itself, for pages that know nobody yet.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::Error;
use nodechat_domain::app::Face;
use nodechat_domain::model::Origin;
use serde::Serialize;

use super::Api;
use super::caller::Call;
use super::error::Reply;
use crate::wire;

#[derive(Serialize)]
struct FaceAnswer<'a> {
    errcode: u16,
    data: FaceBody<'a>,
}

#[derive(Serialize)]
struct FaceBody<'a> {
    companyid: &'a str,
    name: &'a str,
    logo: &'a str,
    locale: &'a str,
    welcome: &'a str,
    offline: &'a str,
    /// Within business hours.
    open: bool,
    /// As they are set, a line for each day.
    hours: String,
    /// Whether somebody who is logged in nowhere may chat.
    anonymous: bool,
    ask_rating: bool,
    accent: &'a str,
    launcher_side: &'a str,
    launcher_text: &'a str,
    launcher_gap: u64,
}

pub async fn show(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let company = wire::company(&call.params)?.ok_or(Error::Missing("companyid"))?;
    api.limits.public(call.ip).await?;
    // The page inside of another one knows that one's origin by itself; what is none, a file's or a sandbox's, is not told.
    let on = call.params.text("host")?.and_then(Origin::parse);
    let face = api.faces.face(&company, on).await?;
    Ok(Json(FaceAnswer { errcode: 0, data: (&face).into() }).into_response())
}

impl<'a> From<&'a Face> for FaceBody<'a> {
    fn from(Face { company, open }: &'a Face) -> Self {
        let settings = &company.settings;
        Self {
            companyid: company.id.as_str(),
            name: company.name.as_str(),
            logo: &settings.logo,
            locale: &settings.locale,
            welcome: &settings.welcome,
            offline: &settings.offline,
            open: *open,
            hours: settings.hours.to_string(),
            anonymous: company.anonymous,
            ask_rating: settings.ask_rating,
            accent: &settings.accent,
            launcher_side: &settings.launcher_side,
            launcher_text: &settings.launcher_text,
            launcher_gap: settings.launcher_gap,
        }
    }
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::{Company, CompanyId, Name};

    use super::*;

    #[test]
    fn a_face_is_answered_as_documented() {
        let mut settings = nodechat_domain::model::Settings::default();
        for (name, value) in [("hours", "mon 09:00-18:00"), ("accent", "#2563eb"), ("welcome", "您好")] {
            assert!(settings.set(name, value).unwrap());
        }
        let company = Company::new(CompanyId::parse("c1").unwrap(), Name::parse("name", "Shop One").unwrap());
        let face = Face { company: Company { settings: settings.into(), ..company }, open: true };
        assert_eq!(
            serde_json::to_string(&FaceAnswer { errcode: 0, data: (&face).into() }).unwrap(),
            "{\"errcode\":0,\"data\":{\"companyid\":\"c1\",\"name\":\"Shop One\",\"logo\":\"\",\"locale\":\"zh-CN\",\
             \"welcome\":\"您好\",\"offline\":\"\",\"open\":true,\"hours\":\"mon 09:00-18:00\",\"anonymous\":false,\
             \"ask_rating\":true,\"accent\":\"#2563eb\",\"launcher_side\":\"right\",\"launcher_text\":\"\",\
             \"launcher_gap\":24}}"
        );
    }
}
