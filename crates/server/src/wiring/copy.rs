//! The places that `nodechat copy` names, as what they are.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nodechat_files::{BucketOptions, Files};
use nodechat_store::copy::{Address, Folder};

use super::files::{FOLDER, bucket, limits};
use super::store::DATABASE;
use crate::config::Config;
use crate::world::SystemEntropy;

/// A data folder, a database, or a file that holds the address of one and so keeps its password out of sight.
pub fn copy_address(text: &str) -> Result<Address> {
    let is_database = |text: &str| text.starts_with("postgres://") || text.starts_with("postgresql://");
    if let Some(path) = text.strip_prefix('@') {
        let inside = std::fs::read_to_string(path).with_context(|| format!("{path} cannot be read"))?;
        if !is_database(inside.trim()) {
            bail!("{path} does not hold an address that begins with postgres://");
        }
        return Ok(Address::Postgres(inside.trim().to_owned()));
    }
    if is_database(text) {
        return Ok(Address::Postgres(text.to_owned()));
    }
    if text.is_empty() || text.contains("://") {
        bail!("name a data folder, or a database by postgres://user:password@host/database");
    }
    let folder = PathBuf::from(text);
    Ok(Address::Sqlite(Folder { database: folder.join(DATABASE), folder }))
}

/// Where a data folder has its uploaded files.
pub fn files_folder(data_dir: &Path) -> PathBuf {
    data_dir.join(FOLDER)
}

/// Where uploaded files are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shelf {
    Folder(PathBuf),
    Bucket(String),
}

impl Shelf {
    pub fn read(text: &str) -> Self {
        if text.starts_with("s3://") { Self::Bucket(text.to_owned()) } else { Self::Folder(text.into()) }
    }

    /// Where a server with these settings keeps them.
    pub fn configured(config: &Config) -> Self {
        if config.files.is_empty() {
            Self::Folder(files_folder(&config.data_dir))
        } else {
            Self::read(&config.files)
        }
    }

    /// For reading: a folder that is not there is not made.
    pub async fn open_to_read(&self, config: &Config, scratch: &Path) -> Result<Files> {
        match self {
            Self::Folder(folder) if !folder.is_dir() => {
                bail!("{self} is not there; say with --files-from where the uploaded files are")
            }
            _ => self.at_hand(config, &scratch.join("copy-from")),
        }
    }

    /// `scratch`: a folder for what is on its way to a bucket.
    pub async fn open(&self, config: &Config, scratch: &Path) -> Result<Files> {
        // Each bucket has a folder of its own: the other one's, and that of a running server, are in use.
        let files = self.at_hand(config, &scratch.join("copy-to"))?;
        files.check(&SystemEntropy).await?;
        Ok(files)
    }

    fn at_hand(&self, config: &Config, scratch: &Path) -> Result<Files> {
        match self {
            Self::Folder(folder) => Files::local(folder, limits(config))
                .with_context(|| format!("the folder {self} cannot be used")),
            Self::Bucket(url) => {
                let options = BucketOptions { url: url.clone(), ..bucket(config) };
                Ok(Files::bucket(&options, scratch, limits(config))?)
            }
        }
    }
}

impl fmt::Display for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Bucket(url) => f.write_str(url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_stand_in_a_file_and_its_password_is_never_shown() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "postgres://ann:hunter2@db.example:5433/chat?sslmode=require\n").unwrap();
        let address = copy_address(&format!("@{}", file.path().display())).unwrap();
        assert_eq!(address.to_string(), "postgres://db.example:5433/chat");

        std::fs::write(file.path(), "hunter2").unwrap();
        let error = copy_address(&format!("@{}", file.path().display())).err().unwrap();
        assert!(!format!("{error:#}").contains("hunter2"), "{error:#}");
    }

    #[test]
    fn what_is_neither_a_folder_nor_a_database_is_refused() {
        for text in ["", "mysql://u@h/d", "s3://bucket", "@nowhere"] {
            assert!(copy_address(text).is_err(), "{text}");
        }
        let Address::Sqlite(home) = copy_address("./data").unwrap() else { panic!("this is a folder") };
        assert_eq!(home.database, Path::new("./data/nodechat.db"));
    }

    #[test]
    fn files_are_in_the_folder_or_in_the_bucket_that_is_named() {
        assert_eq!(Shelf::read("s3://bucket/a"), Shelf::Bucket("s3://bucket/a".into()));
        assert_eq!(Shelf::read("/srv/files"), Shelf::Folder("/srv/files".into()));
        assert_eq!(Shelf::Folder(files_folder(Path::new("data"))).to_string(), "data/files");
    }
}
