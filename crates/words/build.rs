//! Makes one automaton of the dictionary's words, for `src/questions/dictionary.rs` to use where it lies.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, error, fs};

/// A word that nobody counted is taken to be this frequent: enough to win over its characters.
const UNCOUNTED: u32 = 400;

fn main() -> Result<(), Box<dyn error::Error>> {
    println!("cargo::rerun-if-changed=dictionary");
    let mut words: BTreeMap<String, u32> = BTreeMap::new();
    for line in fs::read_to_string("dictionary/trade.txt")?.lines() {
        words.insert(line.to_owned(), UNCOUNTED);
    }
    for line in fs::read_to_string("dictionary/general.txt")?.lines() {
        let (word, count) =
            line.split_once(' ').ok_or("a line of dictionary/general.txt is not a word and a number")?;
        let count: u32 = count.parse()?;
        let known = words.entry(word.to_owned()).or_default();
        *known = count.max(*known);
    }
    let mut automaton = fst::MapBuilder::memory();
    for (word, count) in &words {
        // Quarters of a power of two: near enough, and small.
        automaton.insert(word, (f64::from(*count).log2() * 4.0).round() as u64)?;
    }
    let place = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no place for what is built")?)
        .join("dictionary.fst");
    fs::write(place, automaton.into_inner()?)?;
    Ok(())
}
