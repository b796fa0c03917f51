//! The promises of the ports as tests, the same for every engine.
//!
//! An engine's test file implements [`Engine`] and calls [`conformance_tests!`](crate::conformance_tests)
//! with it; each promise becomes a test of its own.

#![allow(clippy::unwrap_used, reason = "these are tests")]

pub mod adoption;
pub mod asides;
pub mod books;
pub mod companies;
pub mod credentials;
pub mod days;
pub mod desks;
pub mod erasures;
pub mod exports;
pub mod keeping;
pub mod ledger;
pub mod lists;
pub mod orders;
pub mod questions;
pub mod reading;
pub mod rest;
pub mod search;
pub mod service;
pub mod set_ups;
pub mod sites;
pub mod staff;
mod stage;
pub mod stats;
pub mod webhooks;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::port::{Credentials, Feed, Rooms, Uploads};

pub use stage::Stage;

use crate::Books;

/// All ports of one store.
pub trait Ports: Rooms + Credentials + Uploads {
    /// The ports that are written once for every engine.
    fn books(self: Arc<Self>) -> Books;
}

impl<T: Rooms + Credentials + Uploads> Ports for T
where
    Books: From<Arc<T>>,
{
    fn books(self: Arc<Self>) -> Books {
        self.into()
    }
}

/// One place where data is kept, empty at first, and how it is opened and closed.
pub trait Engine: Send + Sync {
    fn open(&self, feed: Arc<dyn Feed>) -> Step<'_, Arc<dyn Ports>>;

    /// Closes what was opened last. Nothing that was answered may be lost by it.
    fn close(&self) -> Step<'_, ()>;

    /// Takes a backup of what is open.
    fn backup(&self) -> Step<'_, ()>;

    /// Puts the last backup in the place of the data; nothing is open.
    fn restore(&self) -> Step<'_, ()>;
}

pub type Step<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Runs one case on a fresh engine. The limit is far above what any case needs: it makes a lost
/// answer a failure instead of a hanging test.
pub fn run<E: Engine + 'static>(engine: E, case: impl AsyncFnOnce(&Stage)) {
    run_within(Duration::from_secs(120), engine, case);
}

/// The same with a limit of its own.
pub fn run_within<E: Engine + 'static>(limit: Duration, engine: E, case: impl AsyncFnOnce(&Stage)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let stage = Stage::open(engine).await;
        let played = tokio::time::timeout(limit, case(&stage)).await;
        assert!(played.is_ok(), "the store did not answer");
        stage.close().await;
    });
}

/// A test for each promise. `$engine` is evaluated anew for each.
#[macro_export]
macro_rules! conformance_tests {
    ($engine:expr) => {
        $crate::conformance_tests! { @ $engine;
            ledger {
                positions_are_dense_under_fifty_writers
                the_feed_and_the_page_tell_one_order
                the_same_id_in_parallel_is_one_message
                an_id_is_not_used_for_something_else
                commits_started_one_after_another_keep_their_order
                a_refused_decision_changes_nothing
                a_decision_that_cannot_be_carried_out_changes_nothing
                a_panicking_decision_harms_nobody
                the_feed_hears_once_and_before_the_answer
                a_panicking_feed_does_not_stop_the_store
                a_decision_sees_what_it_asked_for
                a_dropped_commit_is_made_or_not_made
                members_are_called_by_their_latest_name
                every_kind_of_body_comes_back
                each_side_has_its_own_read_mark
                a_room_is_opened_once
            }
            reading {
                a_view_is_one_moment
                a_view_holds_the_newest_and_the_missed
                a_page_holds_what_is_between_its_positions
                what_is_answered_is_seen_by_the_next_read
                an_unknown_room_is_none
                heads_are_those_of_rooms_that_exist
                history_is_the_room_filtered_newest_first
                history_stays_right_when_times_run_backwards
            }
            credentials {
                a_token_is_redeemed_once_among_sixty_four
                an_expired_or_unknown_token_opens_nothing
                a_person_is_told_anew_with_each_ticket
                a_ticket_ends_at_its_time
                a_ticket_is_revoked_alone
                revoking_a_person_ends_its_tickets_and_tokens_only
                of_a_persons_tickets_one_may_stay
                the_same_aid_in_two_realms_is_two_people
                only_what_expired_is_forgotten
                an_anonymous_visitor_is_known_again
            }
            erasures {
                everything_of_a_person_goes_and_positions_stay
                nobody_of_another_company_goes_with_it
                what_is_old_goes_in_pieces_and_what_is_not_stays
                an_erased_agent_leaves_places_and_the_companys_name
                an_agents_words_may_stay_without_its_name
                of_a_visitor_and_an_agent_of_one_id_one_goes
                a_person_of_the_platform_goes_at_one_company_or_at_all
            }
            exports {
                a_period_is_handed_out_room_by_room_and_once
                notes_are_handed_out_among_the_messages_and_only_when_asked_for
            }
            search {
                what_was_said_is_found_by_its_words_the_newest_first
                everything_that_is_named_has_to_fit
                no_company_finds_anothers_words
                pages_of_what_is_found_follow_each_other
                what_is_most_about_it_comes_first_when_that_is_asked
                what_was_taken_back_is_found_no_more_and_leaves_the_index
                indexing_goes_on_where_it_was_and_doing_it_twice_is_once
                an_adopted_visitors_words_are_found_under_the_new_name
                a_room_after_an_adopted_one_is_indexed_from_its_first_message
                a_long_history_is_found_wherever_it_stands
                what_is_indexed_late_is_found_in_its_place
                what_was_taken_back_long_after_leaves_nothing_behind
                a_question_that_is_too_much_for_once_says_where_to_go_on
            }
            lists {
                rooms_are_listed_by_company_the_last_opened_first
                a_search_is_for_a_part_of_the_visitors_names
                rooms_are_listed_by_their_visitors_tags
                those_who_may_answer_are_the_staff
                an_agent_finds_the_rooms_it_has_entered
            }
            asides {
                what_is_taken_back_keeps_its_place_and_nothing_else
                taking_back_twice_is_once_and_a_retry_of_it_says_nothing
                many_who_say_and_take_back_at_once_leave_one_order
                said_and_taken_back_in_one_commit_is_taken_back
                a_quote_comes_back_and_names_a_message_of_the_room
                notes_are_numbered_by_themselves_and_no_messages
                many_notes_at_once_are_dense_and_each_is_made_once
                asides_are_there_after_reopening
                asides_move_with_the_room_of_an_adopted_visitor
                the_first_answer_is_a_change_of_a_room_that_has_none
            }
            adoption {
                the_room_is_renamed_when_there_is_no_other
                the_room_is_appended_when_there_is_one
                reading_goes_on_behind_what_was_read
                adopting_again_is_fine_and_by_another_refused
                of_many_adoptions_one_is_done
                another_companys_visitor_is_refused
                tickets_and_secret_of_the_visitor_end
                ids_stay_taken_after_the_messages_moved
                history_by_time_holds_after_appending
                adopting_while_people_talk_loses_nothing
                a_visitor_without_a_room_is_adopted
                the_former_visitor_opens_no_room_again
            }
            keeping {
                everything_is_there_after_reopening
                a_retry_after_reopening_gets_the_first_receipt
                a_company_id_is_taken_once
                companies_come_back_whole_and_in_order
                uploads_come_back_whole
                the_epoch_stays_over_reopening
                a_restored_backup_is_another_epoch
                a_backup_is_one_moment_and_disturbs_nobody
                an_idle_store_says_that_it_could_write
            }
            books {
                a_transaction_is_whole_or_not_there
                a_transaction_sees_its_own_changes_and_the_others_not_yet
                transactions_in_each_others_way_happen_one_after_the_other
                a_panicking_transaction_harms_nobody
                parameters_are_known_by_their_numbers
                values_come_back_as_they_were
            }
            desks {
                a_desk_is_read_again_as_it_was_left
                commands_started_one_after_another_keep_their_order
                what_waits_shares_a_transaction_and_a_refusal_harms_nobody
                happenings_are_dense_and_heard_once_before_the_answer
                a_first_answer_that_the_desk_hears_of_after_the_end_is_kept
                a_panicking_listener_of_a_desk_harms_nobody
                two_nodes_give_each_consultation_to_one_agent
                of_two_who_take_one_wins_and_the_other_hears_who
                a_room_says_which_consultation_runs_in_it
                an_unnoticed_answer_is_found_when_it_is_due
                what_is_due_is_found_after_reopening
                presences_are_found_after_reopening
                caps_groups_and_settings_are_heeded_at_once
                what_is_over_is_listed_latest_first
                a_rating_after_the_end_is_kept
                a_desk_knows_nothing_of_another_companys
                the_pace_of_the_last_hours_is_kept_by_whichever_node
                old_happenings_are_forgotten
                a_consultation_goes_with_the_room_of_an_adopted_visitor
            }
            service {
                what_is_given_to_a_group_is_read_again_as_it_was_left
                what_was_said_about_an_erased_visitor_goes
                what_was_left_is_to_be_said_until_it_was
                what_was_left_is_shown_as_it_is_in_the_room
                what_an_agents_page_counts_is_kept
                consultations_are_found_by_their_visitors_tags
            }
            days {
                a_dozen_random_days_on_two_nodes_with_restarts
            }
            orders {
                a_work_order_comes_back_whole_with_its_history
                a_refused_change_to_a_work_order_changes_nothing
                a_work_order_is_of_its_company_alone
                work_orders_are_listed_newest_first_page_by_page
                simultaneous_comments_all_have_their_line
                visitors_hear_of_work_orders_once_and_never_of_notes
            }
            stats {
                numbers_grow_with_what_happens
                a_transaction_that_fails_counts_nothing
                messages_count_for_whoever_has_the_consultation
                days_are_those_of_the_companys_calendar
                what_happens_at_a_desk_is_told_to_its_webhooks
            }
            webhooks {
                a_webhook_comes_back_whole
                a_company_has_no_more_webhooks_than_it_may
                what_happens_is_written_for_each_webhook_that_asks_for_it
                a_message_is_written_for_webhooks_that_ask_for_messages
                a_delivery_is_claimed_by_one_at_a_time_and_in_order
                a_claim_that_was_lost_settles_nothing
                a_webhook_that_is_switched_off_gets_nothing
                a_delivery_can_be_made_once_more
                a_webhook_alone_can_be_told_something
                the_log_is_bounded
            }
            questions {
                a_companys_questions_come_back_whole_and_in_order
                a_question_is_put_in_the_place_of_the_former
                an_item_belongs_to_one_question_and_there_are_not_too_many
                whoever_keeps_questions_in_memory_hears_of_changes
                each_act_on_questions_leaves_its_line
                the_rules_of_a_bot_come_back_whole
                a_card_holds_what_is_known_of_a_visitor
                a_visitor_of_the_platform_is_known_to_the_companies_it_has_been_to
            }
            rest {
                canned_replies_are_of_one_company_and_one_owner
                a_shortcut_is_taken_once_by_each_owner
                canned_replies_come_in_pages_and_by_words
                nobody_is_on_a_blacklist_twice
                an_entry_that_has_expired_counts_no_more_and_makes_way
                the_words_of_a_company_are_its_own
                kinds_of_work_orders_come_in_their_order
                of_many_equal_calls_one_is_made
                an_answer_is_kept_for_the_same_call_only
                a_call_that_was_given_up_can_be_made_again
                what_changes_is_told_in_the_order_of_numbers
                an_act_leaves_its_line_and_a_refused_one_leaves_none
            }
            companies {
                settings_come_back_as_they_were_set
                a_companys_secret_comes_back_as_it_is_and_no_line_shows_it
                a_company_of_the_platform_is_made_with_its_owner_or_not_at_all
                changes_of_one_company_happen_one_after_the_other
                an_act_and_its_line_are_written_together
                whoever_keeps_a_company_in_memory_hears_of_its_changes
            }
            set_ups {
                a_server_is_set_up_once_and_wholly
                of_many_who_set_up_at_once_one_does
                a_token_of_a_set_up_ends_at_its_time
                a_taken_id_leaves_the_set_up_open
                only_an_owner_who_can_log_in_closes_the_set_up
            }
            sites {
                a_site_is_known_since_when_and_until_when_it_was_there
                of_too_many_sites_the_last_ones_stay
            }
            staff {
                an_agent_is_found_by_what_it_logs_in_with
                logins_and_account_ids_are_taken_once
                of_two_owners_who_dismiss_each_other_one_stays
                somebody_who_comes_by_a_token_is_entered_and_named_anew
                agents_are_listed_page_by_page
                groups_have_members_and_a_fallback
                groups_that_are_put_at_once_form_no_circle
                a_key_opens_what_it_was_made_for_until_it_is_revoked
                a_key_of_before_opens_everything
            }
        }
    };
    (@ $engine:expr; $($chapter:ident { $($case:ident)* })*) => {
        $(mod $chapter {
            #[allow(unused_imports, reason = "the engine may be named from outside")]
            use super::*;
            $(#[test]
            fn $case() {
                $crate::conformance::run($engine, async |stage| {
                    $crate::conformance::$chapter::$case(stage).await
                });
            })*
        })*
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_case_is_in_the_list() {
        let list = include_str!("mod.rs");
        let chapters = [
            include_str!("adoption.rs"),
            include_str!("asides.rs"),
            include_str!("books.rs"),
            include_str!("companies.rs"),
            include_str!("credentials.rs"),
            include_str!("days.rs"),
            include_str!("desks.rs"),
            include_str!("keeping.rs"),
            include_str!("ledger.rs"),
            include_str!("questions.rs"),
            include_str!("reading.rs"),
            include_str!("rest.rs"),
            include_str!("set_ups.rs"),
            include_str!("sites.rs"),
            include_str!("staff.rs"),
            include_str!("erasures.rs"),
            include_str!("exports.rs"),
            include_str!("search.rs"),
        ];
        for line in chapters.iter().flat_map(|chapter| chapter.lines()) {
            let Some(rest) = line.strip_prefix("pub async fn ") else { continue };
            let name = rest.split('(').next().unwrap();
            assert!(list.lines().any(|line| line.trim() == name), "{name} is never run");
        }
    }
}
