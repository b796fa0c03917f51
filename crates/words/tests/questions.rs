//! Promises about finding the question that somebody means.

use nodechat_words::questions::{Index, Phrase, Synonyms};
use proptest::prelude::*;
use rstest::rstest;

const THRESHOLD: f32 = 0.3;

const QUESTIONS: [(&str, &str); 14] = [
    ("退换货", "如何申请退款"),
    ("退换货", "退款多久到账"),
    ("退换货", "退货的运费由谁承担"),
    ("退换货", "可以换货吗"),
    ("物流", "什么时候发货"),
    ("物流", "怎么查询物流信息"),
    ("物流", "怎么修改收货地址"),
    ("发票", "怎么开电子发票"),
    ("发票", "发票抬头写错了怎么办"),
    ("账号", "忘记密码怎么办"),
    ("账号", "收不到验证码"),
    ("Shipping", "How long does delivery take?"),
    ("Shipping", "Do you ship to other countries?"),
    ("Payment", "Which credit cards do you accept?"),
];

fn index(synonyms: &[Vec<&str>]) -> Index {
    let synonyms = Synonyms::new(synonyms).expect("valid synonyms");
    Index::new(QUESTIONS.iter().map(|(heading, text)| Phrase { heading, text }), synonyms)
}

#[rstest]
#[case("退款", "如何申请退款")]
#[case("怎么退款", "如何申请退款")]
#[case("退款几天能到账啊", "退款多久到账")]
#[case("你好，我昨天买的手机想申请退款，不知道怎么弄", "如何申请退款")]
#[case("运费谁出", "退货的运费由谁承担")]
#[case("多久发货", "什么时候发货")]
#[case("我的快递物流到哪了", "怎么查询物流信息")]
#[case("地址填错了想修改", "怎么修改收货地址")]
#[case("开发票", "怎么开电子发票")]
#[case("抬头错了", "发票抬头写错了怎么办")]
#[case("密码忘记了", "忘记密码怎么办")]
#[case("验证码一直没有收到", "收不到验证码")]
#[case("delivery time", "How long does delivery take?")]
#[case("do you take credit card", "Which credit cards do you accept?")]
#[case("ＣＲＥＤＩＴ　ＣＡＲＤＳ", "Which credit cards do you accept?")]
fn the_question_that_is_meant_comes_first(#[case] text: &str, #[case] expected: &str) {
    let found = index(&[]).find(text, 3, THRESHOLD);
    let best = found.first().map(|found| QUESTIONS[found.number].1);
    assert_eq!(best, Some(expected), "{found:?}");
}

#[rstest]
#[case("今天天气怎么样")]
#[case("你好")]
#[case("在吗")]
#[case("好的，谢谢")]
#[case("hello, how are you?")]
#[case("👍")]
#[case("")]
fn what_is_no_question_of_the_company_finds_nothing(#[case] text: &str) {
    assert_eq!(index(&[]).find(text, 3, THRESHOLD), []);
}

#[test]
fn a_synonym_is_as_good_as_the_word() {
    let with = index(&[vec!["退款", "把钱还我", "give my money back"]]);
    let (word, synonym) = (with.find("我要退款", 3, THRESHOLD), with.find("我要把钱还我", 3, THRESHOLD));
    assert_eq!(word, synonym);
    assert_eq!(QUESTIONS[with.find("Give my money back", 1, THRESHOLD)[0].number].1, "如何申请退款");
    assert_eq!(index(&[]).find("give my money back", 3, THRESHOLD), []);
}

#[test]
fn a_heading_helps_but_does_not_answer() {
    let index = Index::new(
        [
            Phrase { heading: "苹果手机", text: "怎么更换电池" },
            Phrase { heading: "笔记本", text: "怎么更换电池" },
        ],
        Synonyms::default(),
    );
    let found = index.find("笔记本更换电池", 2, THRESHOLD);
    assert_eq!(found[0].number, 1);
    assert!(found[0].score > found[1].score);
}

#[test]
fn a_company_without_questions_finds_nothing() {
    let index = Index::new([], Synonyms::default());
    assert!(index.is_empty());
    assert_eq!(index.find("退款", 5, 0.0), []);
}

proptest! {
    #[test]
    fn a_question_finds_itself_with_the_full_score(number in 0..QUESTIONS.len()) {
        let found = index(&[]).find(QUESTIONS[number].1, 14, 0.0);
        prop_assert_eq!(found[0].number, number);
        prop_assert!(found[0].score > 0.99);
    }

    #[test]
    fn any_text_gives_bounded_scores_in_order(text in "\\PC{0,400}", most in 0usize..20, threshold in 0.0f32..1.0) {
        let found = index(&[vec!["退款", "x"]]).find(&text, most, threshold);
        prop_assert!(found.len() <= most);
        prop_assert!(found.iter().all(|found| found.score >= threshold && found.score <= 1.0 && found.number < QUESTIONS.len()));
        prop_assert!(found.is_sorted_by(|a, b| a.score >= b.score));
    }

    #[test]
    fn any_question_can_be_indexed_and_finds_itself(texts in prop::collection::vec("[一-龥a-z0-9 ]{1,40}", 1..20)) {
        let index = Index::new(texts.iter().map(|text| Phrase { heading: "", text }), Synonyms::default());
        for text in texts.iter().filter(|text| !text.trim().is_empty()) {
            let found = index.find(text, 20, 0.9);
            prop_assert!(found.iter().any(|found| &texts[found.number] == text), "{text:?}");
        }
    }
}
