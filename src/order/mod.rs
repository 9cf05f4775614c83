//! The order of lists and todos: each row holds a key, and a row that moves gets a key between its new neighbours', so
//! that moving one row writes one row (fractional indexing).

mod store;

use fractional_index::FractionalIndex;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

pub(crate) use store::{Siblings, position_behind_all, position_for};

/// Longest key in bytes that is handed out. Ten thousand rows in fresh order need 13.
pub const LONGEST: usize = 64;

/// A key that sorts byte by byte, stored as bytes so that no collation of a database interferes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(Vec<u8>);

impl Position {
    /// A key between two others, or beyond one of them, or any key if there are none.
    ///
    /// `None` when there is no room left (the keys are equal, or the new one would exceed [`LONGEST`]): then
    /// [`spread`] the rows anew.
    #[must_use]
    pub fn between(lower: Option<&Self>, upper: Option<&Self>) -> Option<Self> {
        let lower = index(lower).ok()?;
        let upper = index(upper).ok()?;
        let key = FractionalIndex::new(lower.as_ref(), upper.as_ref())?;
        let bytes = key.as_bytes();
        (bytes.len() <= LONGEST).then(|| Self(bytes.to_vec()))
    }

    /// A key from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The key's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

// `Err` for bytes that are no key of ours.
fn index(key: Option<&Position>) -> Result<Option<FractionalIndex>, ()> {
    key.map(|key| FractionalIndex::from_bytes(key.0.clone()).map_err(drop)).transpose()
}

/// Short, evenly spread keys for `count` rows, in order.
#[must_use]
pub fn spread(count: usize) -> Vec<Position> {
    let mut keys = vec![None; count];
    fill(&mut keys, None, None);
    keys.into_iter().flatten().collect()
}

// Halving keeps the keys' length logarithmic in their number.
fn fill(keys: &mut [Option<Position>], lower: Option<&Position>, upper: Option<&Position>) {
    if keys.is_empty() {
        return;
    }
    let middle = keys.len() / 2;
    let key = Position::between(lower, upper);
    let (before, rest) = keys.split_at_mut(middle);
    fill(before, lower, key.as_ref());
    fill(&mut rest[1..], key.as_ref(), upper);
    rest[0] = key;
}

impl<DB: Database> Type<DB> for Position
where
    Vec<u8>: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <Vec<u8> as Type<DB>>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        <Vec<u8> as Type<DB>>::compatible(ty)
    }
}

impl<'q, DB: Database> Encode<'q, DB> for Position
where
    Vec<u8>: Encode<'q, DB>,
{
    fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.0.encode_by_ref(buffer)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Position
where
    Vec<u8>: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Vec::<u8>::decode(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_thousand_moves_into_one_gap_keep_the_order_and_bounded_keys() {
        for towards_lower in [true, false] {
            let mut keys = spread(2);
            for _ in 0..1000 {
                let key = match Position::between(Some(&keys[0]), Some(&keys[1])) {
                    Some(key) => key,
                    None => {
                        let fresh = spread(2);
                        keys = fresh;
                        Position::between(Some(&keys[0]), Some(&keys[1])).unwrap()
                    }
                };
                assert!(keys[0] < key && key < keys[1]);
                assert!(key.as_bytes().len() <= LONGEST);
                keys[usize::from(towards_lower)] = key;
            }
        }
    }

    #[test]
    fn spread_keys_are_ordered_and_short() {
        let keys = spread(10_000);
        assert_eq!(keys.len(), 10_000);
        assert!(keys.is_sorted_by(|a, b| a < b));
        assert!(keys.iter().all(|key| key.as_bytes().len() <= 16));
    }

    #[test]
    fn equal_neighbours_leave_no_room() {
        let key = &spread(1)[0];
        assert_eq!(Position::between(Some(key), Some(key)), None);
    }

    proptest! {
        #[test]
        fn any_sequence_of_moves_keeps_the_order(moves in prop::collection::vec((0usize..20, 0usize..20), 1..300)) {
            let mut rows: Vec<(usize, Position)> = spread(20).into_iter().enumerate().collect();
            let mut model: Vec<usize> = (0..20).collect();
            for (from, to) in moves {
                let id = model.remove(from);
                model.insert(to, id);
                rows.retain(|row| row.0 != id);
                let lower = to.checked_sub(1).map(|i| rows[i].1.clone());
                let upper = rows.get(to).map(|row| row.1.clone());
                let key = Position::between(lower.as_ref(), upper.as_ref());
                rows.insert(to, (id, key.clone().unwrap_or_else(|| Position(vec![]))));
                if key.is_none() {
                    for (row, fresh) in rows.iter_mut().zip(spread(20)) {
                        row.1 = fresh;
                    }
                }
                rows.sort_by(|a, b| a.1.cmp(&b.1));
                prop_assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), model.clone());
            }
        }
    }
}
