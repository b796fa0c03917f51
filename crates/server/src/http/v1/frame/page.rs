//! Asking for a page. A cursor is opaque: the key of the last thing that was shown, so that a page is found as fast
//! however far back it is, and nothing is shown twice or left out when things come or go meanwhile.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use nodechat_domain::{Error, Result};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::Page;

/// Things on one page when nothing else is asked for, and at most.
const USUAL: usize = 20;
const MOST: usize = 100;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Paging {
    /// `next` of the page before; without it the first page.
    cursor: Option<String>,
    /// How many, 20 when it is not said.
    #[param(minimum = 1, maximum = 100, value_type = Option<u32>)]
    limit: Option<usize>,
}

impl Paging {
    pub fn limit(&self) -> Result<usize> {
        match self.limit.unwrap_or(USUAL) {
            limit @ 1..=MOST => Ok(limit),
            _ => Err(Error::invalid("limit", "a whole number from 1 to 100")),
        }
    }

    /// The key after which this page begins, as it was given to [`Paging::page`].
    pub fn after(&self) -> Result<Option<String>> {
        let Some(cursor) = self.cursor.as_deref().filter(|cursor| !cursor.is_empty()) else {
            return Ok(None);
        };
        let wrong = || Error::invalid("cursor", "take it from `next` of the page before");
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
        let key = String::from_utf8(bytes).map_err(|_| wrong())?;
        if key.contains('\0') { Err(wrong()) } else { Ok(Some(key)) }
    }

    /// The same for keys that are numbers or something else that can be read from text.
    pub fn after_parsed<T: std::str::FromStr>(&self) -> Result<Option<T>> {
        let wrong = |_| Error::invalid("cursor", "take it from `next` of the page before");
        self.after()?.map(|key| key.parse().map_err(wrong)).transpose()
    }

    /// The page that `found` makes: ask the store for one more than [`Paging::limit`]; if it comes, there is a next page
    /// behind the `key` of the last one shown.
    pub fn page<F, T: From<F>>(&self, found: Vec<F>, key: impl Fn(&F) -> String) -> Result<Page<T>> {
        self.page_with_rest(found, None, key)
    }

    /// The same where the store may stop before it has found as many: the next page begins behind the key `rest` then,
    /// however many are on this one.
    pub fn page_with_rest<F, T: From<F>>(
        &self,
        mut found: Vec<F>,
        rest: Option<String>,
        key: impl Fn(&F) -> String,
    ) -> Result<Page<T>> {
        let limit = self.limit()?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = if more { found.last().map(key) } else { rest };
        let next = next.map(|key| BASE64_URL_SAFE_NO_PAD.encode(key));
        Ok(Page::new(found.into_iter().map(T::from).collect(), next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_gap_or_repeat() {
        let all: Vec<u32> = (0..5).collect();
        let (mut paging, mut seen) = (Paging { cursor: None, limit: Some(2) }, Vec::new());
        loop {
            let after = paging.after_parsed::<u32>().unwrap();
            let found =
                all.iter().copied().filter(|n| after.is_none_or(|after| *n > after)).take(3).collect();
            let page: Page<u32> = paging.page(found, u32::to_string).unwrap();
            let page = serde_json::to_value(page).unwrap();
            seen.extend(page["data"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()));
            match page["next"].as_str() {
                Some(next) => paging.cursor = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!(seen, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_page_that_is_not_full_goes_on_where_the_store_stopped() {
        let paging = Paging { cursor: None, limit: Some(2) };
        let next = |found: Vec<u32>, rest: Option<&str>| {
            let page: Page<u32> =
                paging.page_with_rest(found, rest.map(str::to_owned), u32::to_string).unwrap();
            let page = serde_json::to_value(page).unwrap();
            let cursor = page["next"].as_str().map(str::to_owned);
            let next =
                cursor.map(|cursor| Paging { cursor: Some(cursor), limit: None }.after().unwrap().unwrap());
            (page["data"].as_array().unwrap().len(), next)
        };
        assert_eq!(next(vec![], Some("7")), (0, Some("7".to_owned())));
        assert_eq!(next(vec![9], Some("7")), (1, Some("7".to_owned())));
        assert_eq!(next(vec![9, 8, 7], Some("7")), (2, Some("8".to_owned())));
        assert_eq!(next(vec![9, 8], None), (2, None));
    }

    #[test]
    fn a_cursor_that_nobody_gave_out_is_refused() {
        for cursor in ["%", "AA", "////"] {
            let paging = Paging { cursor: Some(cursor.to_owned()), limit: None };
            assert_eq!(paging.after_parsed::<u32>().unwrap_err().code() as u16, 4002, "{cursor}");
        }
        assert!(Paging { cursor: None, limit: Some(101) }.limit().is_err());
        assert!(Paging { cursor: None, limit: Some(0) }.limit().is_err());
    }
}
