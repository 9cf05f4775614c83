//! How answers are packed.

use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// Makes pages, and what they ask for afterwards, shorter for who accepts it: at the level that costs least, as each is made
/// anew. What holds a token repeats nothing of what was sent, so that its length tells nothing (BREACH).
pub(crate) fn packed() -> CompressionLayer {
    CompressionLayer::new().quality(CompressionLevel::Fastest)
}
