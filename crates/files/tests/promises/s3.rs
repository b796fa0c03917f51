//! The S3 server that the tests are given, and a look into it past the crate.

use std::collections::BTreeMap;
use std::time::Duration;

use nodechat_files::BucketOptions;

/// There for the tests; each writes under a prefix of its own.
const BUCKET: &str = "nodechat-test";

pub struct TestBucket {
    endpoint: String,
    prefix: String,
}

impl TestBucket {
    /// On the server at NODECHAT_TEST_S3; none when there is no such variable.
    #[allow(clippy::disallowed_methods, reason = "it is for the tests alone")]
    pub fn fresh() -> Option<Self> {
        let endpoint = std::env::var("NODECHAT_TEST_S3").ok()?;
        let mut random = [0; 8];
        getrandom::fill(&mut random).expect("the system has random bytes");
        let prefix = format!("rust-{:016x}", u64::from_ne_bytes(random));
        Some(Self { endpoint: endpoint.trim_end_matches('/').to_owned(), prefix })
    }

    pub fn options(&self) -> BucketOptions {
        let keys = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];
        BucketOptions {
            url: format!("s3://{BUCKET}/{}", self.prefix),
            endpoint: self.endpoint.clone(),
            region: "us-east-1".to_owned(),
            allow_http: true,
            virtual_host: false,
            time_limit: Duration::from_secs(30),
            variables: BTreeMap::from(keys.map(|(name, value)| (name.to_owned(), value.to_owned()))),
        }
    }

    /// Keys of objects and of uploads that are neither complete nor aborted.
    pub async fn kept(&self) -> Vec<String> {
        let mut kept = self.keys("list-type=2").await;
        kept.extend(self.keys("uploads").await.into_iter().map(|key| format!("{key} (parts)")));
        kept
    }

    async fn keys(&self, what: &str) -> Vec<String> {
        let url = format!("{}/{BUCKET}?{what}&prefix={}/", self.endpoint, self.prefix);
        let answer = reqwest::get(url).await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        let text = answer.text().await.unwrap();
        text.split("<Key>").skip(1).map(|rest| rest.split("</Key>").next().unwrap().to_owned()).collect()
    }
}
