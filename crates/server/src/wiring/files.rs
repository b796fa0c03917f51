//! Where uploaded files are kept: the data folder, or a bucket.

use std::time::Duration;

use anyhow::{Context, Result};
use nodechat_domain::port::{Entropy, Uploads};
use nodechat_files::{BucketOptions, Files, Limits};

use crate::config::Config;
use crate::metrics::Metrics;
use crate::ready::Service;

/// In the data folder; with a bucket, for what is on its way there.
pub const FOLDER: &str = "files";

pub fn open(config: &Config, metrics: &mut Metrics) -> Result<Files> {
    let limits = limits(config);
    let folder = config.data_dir.join(FOLDER);
    if config.files.is_empty() {
        return Files::local(&folder, limits)
            .with_context(|| format!("the folder {} cannot be used", folder.display()));
    }
    let files = Files::bucket(&bucket(config), &folder, limits)?;
    let health = files.health();
    metrics.gauge("files_available", "1 while the bucket of the files answers", move || {
        health.as_ref().is_none_or(|health| health.is_well()).into()
    });
    Ok(files)
}

/// How the bucket was when it was last used.
pub fn state_of(files: &Files) -> impl Fn() -> Service + Send + Sync + 'static {
    let health = files.health();
    move || match &health {
        None => Service::NotUsed,
        Some(health) if health.is_well() => Service::Ok,
        Some(_) => Service::Away,
    }
}

/// A bucket that refuses stops the start. One that is away does not: chats go on without files, and
/// files come back with it.
pub async fn prepare(files: &Files, uploads: &dyn Uploads, entropy: &dyn Entropy) -> Result<()> {
    match files.check(entropy).await {
        Ok(()) => {}
        Err(unusable) if unusable.is_away => {
            tracing::error!("{unusable}; uploads and downloads are put off until it answers");
            return Ok(());
        }
        Err(unusable) => return Err(unusable.into()),
    }
    let swept = files.sweep(uploads).await?;
    if swept > 0 {
        tracing::info!(swept, "left-overs of uploads that were cut off are removed");
    }
    Ok(())
}

pub fn limits(config: &Config) -> Limits {
    Limits { image_bytes: config.image_max_bytes, file_bytes: config.file_max_bytes, ..Limits::default() }
}

pub fn bucket(config: &Config) -> BucketOptions {
    let variables = config.aws.iter().map(|(name, value)| (name.clone(), value.reveal().to_owned()));
    BucketOptions {
        url: config.files.clone(),
        endpoint: config.files_endpoint.clone(),
        region: config.files_region.clone(),
        allow_http: config.files_allow_http,
        virtual_host: config.files_virtual_host,
        time_limit: Duration::from_millis(config.files_timeout_ms),
        variables: variables.collect(),
    }
}
