//! Names what the program is made of and the compiler does not watch by itself: sources, templates and embedded texts it does.

fn main() {
    // What the checked queries answer, how that is read, and which migrations there are.
    let mut watched = vec![".sqlx", "sqlx.toml", "migrations"];
    // A program built for use carries the browser part within it; any other reads it where it lies.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        watched.push("assets/dist");
    }
    for path in watched {
        println!("cargo::rerun-if-changed={path}");
    }
}
