//! Lists come in pages: `limit` items `after` a cursor, and the cursor of the next page.

use garde::Validate;
use scormbridge_lms::classroom::ports::{MAX_PAGE, Page, Paged};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Items of a page when the caller does not say.
const DEFAULT_LIMIT: u32 = 50;

/// Which part of a list.
#[derive(Debug, Clone, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The `next` of the page before; absent for the first.
    #[garde(inner(length(min = 1, max = 2_000)))]
    #[param(min_length = 1, max_length = 2000)]
    after: Option<String>,
    /// Items per page.
    #[garde(inner(range(min = 1, max = MAX_PAGE)))]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

impl PageQuery {
    /// For the store.
    #[must_use]
    pub fn page(self) -> Page {
        page(self.after, self.limit)
    }
}

/// A page for the store, where the caller left something out.
#[must_use]
pub fn page(after: Option<String>, limit: Option<u32>) -> Page {
    Page {
        after,
        limit: limit.unwrap_or(DEFAULT_LIMIT),
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listing<T> {
    /// The items, in the list's order.
    items: Vec<T>,
    /// What `after` takes for the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl<T> Listing<T> {
    /// A store's page in the API's shape.
    pub fn of<U>(paged: Paged<U>, shape: impl Fn(U) -> T) -> Self {
        Self {
            items: paged.items.into_iter().map(shape).collect(),
            next: paged.next,
        }
    }
}
