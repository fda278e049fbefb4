//! The module of the pages that the server has rendered: brings them to life.

fn main() {
    app::browser::entry::pages();
}
