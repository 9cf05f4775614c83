//! Times as one would tell them.

use docket::time::Timestamp;
use leptos::prelude::*;

use crate::platform;

/// How long ago something was; exactly when, for whoever points at it.
#[component]
pub fn Ago(
    /// When it was.
    time: Timestamp,
) -> impl IntoView {
    let exactly = platform::exactly(time);
    view! { <time datetime=exactly.clone() title=exactly>{ago(time, platform::now())}</time> }
}

fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = (now.seconds() - then.seconds()).max(0);
    let (count, unit) = match seconds {
        0..60 => return "just now".into(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if count == 1 { format!("1 {unit} ago") } else { format!("{count} {unit}s ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_largest_unit_that_fits() {
        let now = Timestamp(1_800_000_000_000_000);
        for (seconds, words) in [
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (7200, "2 hours ago"),
            (86_400, "1 day ago"),
            (86_400 * 40, "40 days ago"),
        ] {
            assert_eq!(ago(now.minus(std::time::Duration::from_secs(seconds)), now), words);
        }
    }
}
