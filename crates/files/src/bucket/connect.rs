//! Which bucket, and how to come to it.

use std::collections::BTreeMap;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as Location;
use object_store::{BackoffConfig, ClientOptions, RetryConfig};

use super::Unusable;

/// What is set about the bucket.
#[derive(Debug, Clone)]
pub struct BucketOptions {
    /// `s3://bucket/prefix`; the prefix may be missing.
    pub url: String,
    /// Where it is when it is not Amazon's, such as `https://minio.example:9000`; empty: see `variables`.
    pub endpoint: String,
    /// Empty: see `variables`.
    pub region: String,
    /// Whether the endpoint may be `http://…`.
    pub allow_http: bool,
    /// Whether the bucket's name stands in front of the host's instead of in the path.
    pub virtual_host: bool,
    /// What one call may take.
    pub time_limit: Duration,
    /// `AWS_ACCESS_KEY_ID` and what else tools for S3 read from the environment.
    pub variables: BTreeMap<String, String>,
}

/// The bucket, not asked yet, and what stands in front of each key.
pub(crate) fn connect(options: &BucketOptions) -> Result<(AmazonS3, Location), Unusable> {
    let (bucket, prefix) = parse_url(&options.url)?;
    let mut builder = AmazonS3Builder::new()
        .with_client_options(client(options))
        .with_retry(retry(options.time_limit))
        .with_bucket_name(bucket);
    for (name, value) in &options.variables {
        match name.to_ascii_lowercase().parse() {
            // These are settings of ours.
            Ok(AmazonS3ConfigKey::Client(_) | AmazonS3ConfigKey::Bucket) => {}
            Ok(key) => builder = builder.with_config(key, value),
            Err(_) => {} // A variable for other tools.
        }
    }
    if !options.region.is_empty() {
        builder = builder.with_region(&options.region);
    }
    let endpoint = endpoint(options, &builder)?;
    if let Some(endpoint) = &endpoint {
        let address = if options.virtual_host { in_front(bucket, endpoint) } else { endpoint.clone() };
        builder = builder.with_config(AmazonS3ConfigKey::S3Endpoint, address);
    }
    if endpoint.is_some() && !has_keys(&builder) {
        return Err(Unusable::setting(
            "there are no keys for the bucket; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned(),
        ));
    }
    // One by one is what everybody who is compatible understands.
    builder = builder.with_virtual_hosted_style_request(options.virtual_host).with_disable_bulk_delete(true);
    // Whoever was first has chosen the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let store = builder
        .build()
        .map_err(|error| Unusable::setting(format!("the bucket {} cannot be used: {error}", options.url)))?;
    Ok((store, prefix))
}

fn parse_url(url: &str) -> Result<(&str, Location), Unusable> {
    let wrong = |why: &str| {
        Unusable::setting(format!("`files` cannot be {url:?}: {why}, such as s3://bucket/prefix"))
    };
    let place = url.strip_prefix("s3://").ok_or_else(|| wrong("it has to be empty or name a bucket"))?;
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let in_order = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    if !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(in_order) {
        return Err(wrong("a bucket has 3 to 63 small letters, digits, `-` and `.`"));
    }
    let prefix = Location::parse(prefix).map_err(|error| wrong(&error.to_string()))?;
    Ok((bucket, prefix))
}

/// The setting, else the variable; none for Amazon's own.
fn endpoint(options: &BucketOptions, builder: &AmazonS3Builder) -> Result<Option<String>, Unusable> {
    let given = [&AmazonS3ConfigKey::S3Endpoint, &AmazonS3ConfigKey::Endpoint]
        .into_iter()
        .find_map(|key| builder.get_config_value(key));
    let endpoint = if options.endpoint.is_empty() { given } else { Some(options.endpoint.clone()) };
    let Some(endpoint) = endpoint.filter(|endpoint| !endpoint.is_empty()) else { return Ok(None) };
    let wrong = |why: &str| Unusable::setting(format!("`files_endpoint` cannot be {endpoint:?}: {why}"));
    if endpoint.starts_with("http://") && !options.allow_http {
        return Err(wrong("what is read and written could be seen on the way; `files_allow_http` allows it"));
    }
    if !endpoint.starts_with("http://") && !endpoint.starts_with("https://") {
        return Err(wrong("it has to begin with https://"));
    }
    Ok(Some(endpoint.trim_end_matches('/').to_owned()))
}

/// `https://bucket.host`, whether the bucket stands there already or not.
fn in_front(bucket: &str, endpoint: &str) -> String {
    match endpoint.split_once("://") {
        Some((scheme, host)) if !host.starts_with(&format!("{bucket}.")) => {
            format!("{scheme}://{bucket}.{host}")
        }
        _ => endpoint.to_owned(),
    }
}

/// Otherwise the machine would be asked, which only Amazon's answer.
fn has_keys(builder: &AmazonS3Builder) -> bool {
    [
        AmazonS3ConfigKey::AccessKeyId,
        AmazonS3ConfigKey::SecretAccessKey,
        AmazonS3ConfigKey::WebIdentityTokenFile,
        AmazonS3ConfigKey::ContainerCredentialsRelativeUri,
        AmazonS3ConfigKey::ContainerCredentialsFullUri,
    ]
    .iter()
    .any(|key| builder.get_config_value(key).is_some())
        || builder.get_config_value(&AmazonS3ConfigKey::SkipSignature).is_some_and(|value| value == "true")
}

/// No limit for a whole answer: a download takes as long as its reader does. An attempt has half of
/// the time, so that one on a connection which died in silence is followed by one on a new connection.
fn client(options: &BucketOptions) -> ClientOptions {
    let attempt = options.time_limit / 2;
    let client = ClientOptions::new()
        .with_allow_http(options.allow_http)
        .with_timeout_disabled()
        .with_connect_timeout(attempt)
        .with_read_timeout(attempt)
        // Amazon's side closes them after 20 seconds.
        .with_pool_idle_timeout(Duration::from_secs(15));
    // Without TLS a machine without certificates is good enough.
    if options.endpoint.starts_with("http://") { client.with_no_system_certificates(true) } else { client }
}

fn retry(time_limit: Duration) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(1),
            base: 2.0,
        },
        max_retries: 3,
        retry_timeout: time_limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(url: &str, endpoint: &str) -> BucketOptions {
        let keys = [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_PAGER", "less")];
        BucketOptions {
            url: url.to_owned(),
            endpoint: endpoint.to_owned(),
            region: String::new(),
            allow_http: false,
            virtual_host: false,
            time_limit: Duration::from_secs(1),
            variables: keys.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        }
    }

    fn refused(options: &BucketOptions) -> String {
        connect(options).expect_err("it is refused").to_string()
    }

    #[test]
    fn a_bucket_has_a_name_and_perhaps_a_prefix() {
        for (url, prefix) in [("s3://chat", ""), ("s3://chat/", ""), ("s3://chat/a/b/", "a/b")] {
            let (store, found) = connect(&options(url, "https://s3.example")).unwrap();
            assert_eq!((store.to_string().as_str(), found.as_ref()), ("AmazonS3(chat)", prefix), "{url}");
        }
        for url in ["chat", "/srv/files", "s3://", "s3://a", "s3://Chat", "https://chat"] {
            assert!(refused(&options(url, "")).contains("such as s3://bucket/prefix"), "{url}");
        }
    }

    #[test]
    fn an_endpoint_without_encryption_has_to_be_allowed() {
        let mut options = options("s3://chat", "http://minio:9000");
        assert!(refused(&options).contains("files_allow_http"));
        options.allow_http = true;
        assert!(connect(&options).is_ok());
        options.endpoint = "minio:9000".to_owned();
        assert!(refused(&options).contains("https://"));

        options.endpoint = String::new();
        options.variables.insert("AWS_ENDPOINT_URL".to_owned(), "http://minio:9000".to_owned());
        assert!(connect(&options).is_ok());
        options.allow_http = false;
        assert!(refused(&options).contains("files_allow_http"), "a variable needs the same");
    }

    #[test]
    fn a_bucket_of_somebody_else_needs_keys() {
        let mut options = options("s3://chat", "https://minio.example");
        options.variables.remove("AWS_SECRET_ACCESS_KEY");
        assert!(refused(&options).contains("cannot be used"), "half a key");
        options.variables.clear();
        assert!(refused(&options).contains("set AWS_ACCESS_KEY_ID"));
    }

    #[test]
    fn the_bucket_stands_once_in_front_of_the_host() {
        let expected = "https://chat.oss-cn-hangzhou.aliyuncs.com";
        assert_eq!(in_front("chat", "https://oss-cn-hangzhou.aliyuncs.com"), expected);
        assert_eq!(in_front("chat", expected), expected);
    }
}
