//! The module of the app shells, and of the worker that decodes beside the gate's page: loaded in a window it draws, in a
//! worker it decodes.

fn main() {
    if web_sys::window().is_some() {
        app::browser::entry::shell();
    } else {
        app::browser::decoder::work();
    }
}
