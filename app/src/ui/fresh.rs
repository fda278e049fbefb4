//! Pages that stay true while they are looked at: they ask anew, and keep what they have while the network is away.

use crate::browser;
use crate::error::AppError;
use leptos::prelude::*;
use std::time::Duration;

/// Asks anew every now and then, as long as what called this is shown and somebody looks at the page.
pub fn ask_again(every: Duration, ask: impl Fn() + Copy + 'static) {
    let shown = StoredValue::new(());
    Effect::new(move || {
        leptos::task::spawn_local(async move {
            loop {
                browser::sleep(every).await;
                if shown.try_get_value().is_none() {
                    return;
                }
                if !browser::hidden() {
                    ask();
                }
            }
        });
    });
}

/// The answer, or while there is no network the last good one.
///
/// # Errors
/// The answer's, where there was no good one or the server itself says no.
pub fn or_last<T>(last: StoredValue<Option<T>>, answer: Result<T, AppError>) -> Result<T, AppError>
where
    T: Clone + Send + Sync + 'static,
{
    match answer {
        Ok(new) => {
            last.set_value(Some(new.clone()));
            Ok(new)
        }
        Err(AppError::Unreachable) => last.get_value().ok_or(AppError::Unreachable),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_known_stays_while_the_network_is_away() {
        let owner = Owner::new();
        owner.with(|| {
            let last = StoredValue::new(None);
            assert_eq!(
                or_last(last, Err(AppError::Unreachable)),
                Err(AppError::Unreachable)
            );
            assert_eq!(or_last(last, Ok(1)), Ok(1));
            assert_eq!(or_last(last, Err(AppError::Unreachable)), Ok(1));
            assert_eq!(or_last(last, Err(AppError::NotFound)), Err(AppError::NotFound));
        });
    }
}
