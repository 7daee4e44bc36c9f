//! Keyset pages: a cursor is the id and the sort key of the last item. A page costs the same wherever it is.

use scormbridge_lms::classroom::ports::{MAX_PAGE, PURGE_BATCH, Page, Paged, StoreError};

use crate::link::{Row, Value};

/// How many items a page asks for.
fn limit(page: &Page) -> u32 {
    page.limit.clamp(1, MAX_PAGE)
}

/// One more than the page has, to know whether there is a next one.
pub(crate) fn fetch(page: &Page) -> Value {
    Value::from(i64::from(limit(page)) + 1)
}

/// [`PURGE_BATCH`] as a number that SQL knows.
pub(crate) const BATCH: i64 = PURGE_BATCH.cast_signed();

/// How many rows a purge takes.
pub(crate) fn batch() -> Value {
    Value::from(BATCH)
}

/// A pattern for `LIKE … ESCAPE '\'` that finds the text anywhere.
pub(crate) fn anywhere(text: Option<&str>) -> String {
    let mut pattern = String::from("%");
    for c in text.unwrap_or_default().to_ascii_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn split(cursor: &str) -> Result<(u128, &str), StoreError> {
    let (id, key) = cursor.split_at_checked(32).ok_or(StoreError::Cursor)?;
    let id = u128::from_str_radix(id, 16).map_err(|_| StoreError::Cursor)?;
    Ok((id, key))
}

/// Where an ascending list by text goes on: key and id, both exclusive.
pub(crate) fn after_text(page: &Page) -> Result<(Value, Value), StoreError> {
    match &page.after {
        None => Ok((Value::from(""), Value::Id(Some(0)))),
        Some(cursor) => {
            let (id, key) = split(cursor)?;
            Ok((Value::from(key), Value::Id(Some(id))))
        }
    }
}

fn after_int(page: &Page, first: (i64, u128)) -> Result<(Value, Value), StoreError> {
    let (key, id) = match &page.after {
        None => first,
        Some(cursor) => {
            let (id, key) = split(cursor)?;
            (key.parse().map_err(|_| StoreError::Cursor)?, id)
        }
    };
    Ok((Value::from(key), Value::Id(Some(id))))
}

/// Where an ascending list by time goes on.
pub(crate) fn after_time(page: &Page) -> Result<(Value, Value), StoreError> {
    after_int(page, (i64::MIN, 0))
}

/// Where a descending list by time goes on.
pub(crate) fn before_time(page: &Page) -> Result<(Value, Value), StoreError> {
    after_int(page, (i64::MAX, u128::MAX))
}

/// Makes a page of the rows; `cursor` names an item's sort key and id.
pub(crate) fn paged<T>(
    page: &Page,
    rows: &[Row],
    read: impl Fn(&Row) -> Result<T, StoreError>,
    cursor: impl Fn(&T) -> (String, u128),
) -> Result<Paged<T>, StoreError> {
    let limit = usize::try_from(limit(page)).unwrap_or(usize::MAX);
    let items = rows
        .iter()
        .take(limit)
        .map(read)
        .collect::<Result<Vec<T>, _>>()?;
    let next = (rows.len() > limit)
        .then(|| items.last().map(&cursor))
        .flatten();
    Ok(Paged {
        items,
        next: next.map(|(key, id)| format!("{id:032x}{key}")),
    })
}
