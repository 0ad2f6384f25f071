//! Catches the panics of parsers that are not ours, and keeps them off standard error.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether a panic on this thread would be caught, so that it is not printed.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs what may panic on hostile input; `None` if it did. What it was changing must not be used after a panic.
pub fn caught<T>(step: impl FnOnce() -> T) -> Option<T> {
    stay_quiet();
    let was_caught = IS_CAUGHT.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(step));
    IS_CAUGHT.set(was_caught);
    result.ok()
}

/// Sets a hook, once, that prints nothing for a panic which is caught, and the usual for any other.
fn stay_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_CAUGHT.get() {
                usual(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_and_the_next_one_may_be_heard() {
        assert_eq!(caught(|| 1), Some(1));
        assert_eq!(caught(|| caught(|| panic!("inner")).map_or(2, |()| 3)), Some(2));
        assert_eq!(caught(|| panic!("outer")), None::<()>);
        assert!(!IS_CAUGHT.get());
    }
}
