//! Makes sure that the folder of built pages is there, so that the server also builds without Node.

use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    if !dist.exists() {
        std::fs::create_dir_all(&dist).expect("web/dist can be made");
        println!(
            "cargo:warning=web/dist is empty: run `npm ci && npm run build` in web/ for the pages and the SDK"
        );
    }
}
