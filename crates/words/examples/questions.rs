//! How long it takes to find a question among 10,000, and what that occupies: `cargo run --release -p nodechat-words --example questions`.

#![expect(clippy::print_stdout, reason = "an example that prints what it measured")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use nodechat_words::questions::{Index, Phrase, Synonyms};

const QUESTIONS: usize = 10_000;
const ROUNDS: usize = 5_000;

const WHAT: [&str; 20] = [
    "退款",
    "退货",
    "换货",
    "电子发票",
    "优惠券",
    "会员积分",
    "收货地址",
    "订单",
    "验证码",
    "支付密码",
    "运费",
    "快递",
    "质保期",
    "充电器",
    "账号",
    "手机号",
    "押金",
    "预售定金",
    "库存",
    "尺码",
];
const HOW: [&str; 20] = [
    "怎么申请{}",
    "{}多久到账",
    "如何查询{}",
    "{}可以修改吗",
    "为什么{}失败了",
    "{}在哪里看",
    "取消{}需要什么条件",
    "{}有有效期吗",
    "没有收到{}怎么办",
    "{}能不能合并",
    "{}的规则是什么",
    "{}可以转给别人吗",
    "{}显示异常",
    "怎么联系人工处理{}",
    "{}要收费吗",
    "海外用户如何使用{}",
    "企业客户的{}",
    "{}忘记了怎么找回",
    "{}和说明不一样",
    "how do I change my {}",
];
const WHERE: [&str; 25] = [
    "手机版",
    "电脑版",
    "小程序",
    "旗舰店",
    "直播间",
    "门店",
    "国际站",
    "企业版",
    "学生版",
    "家庭版",
    "苹果系统",
    "安卓系统",
    "公众号",
    "微信",
    "支付宝",
    "线下",
    "代理商",
    "加盟店",
    "团购",
    "拼团",
    "秒杀",
    "预售",
    "清仓",
    "二手",
    "租赁",
];
const ASKED: [(&str, &str); 4] = [
    ("a word", "退款"),
    ("a sentence", "请问小程序里面怎么申请退款"),
    (
        "a story",
        "你好，我上个星期在直播间买了一个手机壳，到现在还没有收到快递，我想问一下可以退款吗，退款多久到账呢？谢谢",
    ),
    ("frequent words only", "怎么查询什么如何可以多久为什么在哪里怎么办吗"),
];

fn main() {
    let questions: Vec<String> = (0..QUESTIONS)
        .map(|n| format!("{}{}", WHERE[n / 400 % 25], HOW[n / 20 % 20].replace("{}", WHAT[n % 20])))
        .collect();

    let before = resident_bytes();
    let start = Instant::now();
    let phrases = questions.iter().map(|text| Phrase { text, heading: "常见问题" });
    let index = Index::new(phrases, Synonyms::new(&[vec!["退款", "退钱"]]).expect("a valid group"));
    println!("index of {QUESTIONS}: {:.0?}, {} KB", start.elapsed(), index.size_bytes() / 1024);
    println!(
        "resident: {} KB more, of which a part is the dictionary's pages, which the system may take back",
        (resident_bytes() - before) / 1024
    );

    println!("{:<22}{:>10}{:>10}{:>10}  best", "asked", "p50", "p99", "most");
    for (name, text) in ASKED {
        let mut took: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                black_box(index.find(black_box(text), 5, 0.3));
                start.elapsed()
            })
            .collect();
        took.sort();
        let best = index.find(text, 1, 0.3).first().map_or("-", |found| &questions[found.number]);
        println!(
            "{name:<22}{:>10.1?}{:>10.1?}{:>10.1?}  {best}",
            took[ROUNDS / 2],
            took[ROUNDS * 99 / 100],
            took[ROUNDS - 1]
        );
    }
}

/// 0 where the system does not tell.
fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    status.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}
