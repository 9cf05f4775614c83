//! The words that stand for choices, for the description only: reading them is `input`'s business.

#![expect(dead_code, reason = "they are made by the description, not by the program")]

use utoipa::ToSchema;

/// Which way rows are sorted.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum OrderName {
    Asc,
    Desc,
}

/// What todos are sorted by.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum SortName {
    Position,
    CreatedAt,
    UpdatedAt,
}
