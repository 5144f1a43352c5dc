//! Makes the program smaller where it is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_for = |what: &str| std::env::var("TARGET").is_ok_and(|target| target.ends_with(what));
    let is_for_use = std::env::var("DEBUG").is_ok_and(|debug| debug == "false");
    // `strip` in the profile goes unheard where the package itself has an override there.
    if is_for_use && (is_for("linux-gnu") || is_for("linux-musl")) {
        println!("cargo::rustc-link-arg-bins=-Wl,--strip-all");
    }
    // The addresses that are put right when the program is loaded are a tenth of it.
    if is_for("linux-gnu") {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
