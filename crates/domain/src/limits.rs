//! How large the things people send may be.

/// Characters (Unicode scalar values) in one text message.
pub const TEXT_CHARS: usize = 10_000;
/// Bytes of JSON in one `custom` message.
pub const CUSTOM_BYTES: usize = 32_000;
/// Characters in an account id.
pub const ACCOUNT_ID_CHARS: usize = 128;
/// Characters in a company id.
pub const COMPANY_ID_CHARS: usize = 64;
/// Characters in a nick, an account name or a company name.
pub const NAME_CHARS: usize = 200;
/// Characters in the name of an uploaded file.
pub const FILE_NAME_CHARS: usize = 255;
/// Bytes of JSON in a person's attributes.
pub const ATTRIBUTES_BYTES: usize = 8_000;
/// Messages in the answer to `join`.
pub const NEWEST: usize = 10;
/// Messages on one page of history when nothing else is asked for.
pub const PAGE: usize = 10;
/// Messages on one page of history at most.
pub const PAGE_MAX: usize = 100;
/// How long a visitor may take back what it has said, in milliseconds.
pub const RECALL_MS: i64 = 120_000;
/// Notes, or recalls, that one answer hands over at most.
pub const ASIDES_MAX: usize = 500;
/// Messages that `join` with `since` hands over at most.
pub const MISSED_MAX: usize = 500;
/// Characters in a work order's description or in one comment.
pub const ORDER_TEXT_CHARS: usize = 5_000;
/// Characters in the key of a kind of work orders.
pub const ORDER_KIND_CHARS: usize = 64;
/// Characters in a telephone number, as people write them.
pub const PHONE_CHARS: usize = 64;
/// Pictures of one work order.
pub const ORDER_PICTURES: usize = 4;
/// Lines in the history of one work order, comments included.
pub const ORDER_LINES: i64 = 500;
/// Characters of all answers to the visitor in one work order.
pub const FEEDBACK_CHARS: usize = 50_000;
/// Webhooks of one company.
pub const WEBHOOKS: usize = 10;
/// Bytes in the address of a webhook.
pub const WEBHOOK_URL_BYTES: usize = 2_000;
/// Characters in the shortcut of a canned reply, and in its text.
pub const SHORTCUT_CHARS: usize = 32;
pub const CANNED_CHARS: usize = 4_000;
/// Characters in a word that a company does not want to see.
pub const SENSITIVE_WORD_CHARS: usize = 64;
/// Canned replies of one owner, words and blacklist entries and kinds of work orders of one company.
pub const CANNED_REPLIES: i64 = 1_000;
pub const SENSITIVE_WORDS: i64 = 10_000;
pub const BANS: i64 = 10_000;
pub const ORDER_KINDS: i64 = 100;
/// Questions that one company has, each item counted.
pub const QUESTIONS: usize = 10_000;
/// Items under one title.
pub const QUESTION_ITEMS: usize = 100;
/// Groups of words that mean the same to one company.
pub const SYNONYM_GROUPS: usize = 1_000;
/// Words by which visitors ask for a human.
pub const HUMAN_WORDS: usize = 50;
/// Characters of a text that is taken as the wish for a human because of a word in it.
pub const HUMAN_TEXT_CHARS: usize = 40;
/// Characters of what a company tells its language model.
pub const PROMPT_CHARS: usize = 4_000;
/// Origins of pages on which one company was shown.
pub const SITES: i64 = 100;
/// Characters of a page's address, a browser's name and the like.
pub const ARRIVAL_CHARS: usize = 500;
/// Characters of a visitor's tag.
pub const TAG_CHARS: usize = 50;
/// Tags of one visitor.
pub const TAGS: usize = 50;
