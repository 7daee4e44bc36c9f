//! The arguments of a call: a line of JSON, then texts.
//!
//! `[7, {"lms": "…"}]` and seven bytes: an array travels as JSON, a text as its length there and its bytes behind the
//! line, exactly as they are. So nothing large is escaped, and a manifest may have any encoding.

use std::slice;

use scormbridge_api::{Failure, Kind};

use crate::value::Value;

/// Arguments that were taken apart, not looked at.
#[derive(Debug)]
pub(crate) struct Arguments<'a> {
    values: Vec<Value>,
    texts: &'a [u8],
}

impl<'a> Arguments<'a> {
    /// Takes a request's content apart.
    pub(crate) fn parse(content: &'a [u8]) -> Result<Self, Failure> {
        let end = content.iter().position(|byte| *byte == b'\n');
        let (line, texts) = end
            .and_then(|end| content.split_at_checked(end))
            .ok_or_else(|| malformed("it has no first line"))?;
        let Ok(Value::List(values)) = Value::parse(line) else {
            return Err(malformed("its first line is no JSON array of arguments"));
        };
        Ok(Self {
            values,
            texts: texts.split_first().map_or(&[], |(_, texts)| texts),
        })
    }

    /// Hands them out, one after the other.
    pub(crate) fn taker(&self) -> Taker<'_> {
        Taker {
            values: self.values.iter(),
            texts: self.texts,
        }
    }
}

/// Hands out arguments in their order.
pub(crate) struct Taker<'a> {
    values: slice::Iter<'a, Value>,
    texts: &'a [u8],
}

impl<'a> Taker<'a> {
    /// The next one, an array.
    pub(crate) fn value(&mut self) -> Result<&'a Value, Failure> {
        self.values
            .next()
            .ok_or_else(|| malformed("an argument is missing"))
    }

    /// The next one, a whole number.
    pub(crate) fn integer(&mut self) -> Result<i64, Failure> {
        match self.value()? {
            Value::Integer(number) => Ok(*number),
            _ => Err(malformed("an argument is no whole number")),
        }
    }

    /// The next one, a text.
    pub(crate) fn text(&mut self) -> Result<&'a [u8], Failure> {
        let length = usize::try_from(self.integer()?).ok();
        let (text, rest) = length
            .and_then(|length| self.texts.split_at_checked(length))
            .ok_or_else(|| malformed("a text is shorter than its length"))?;
        self.texts = rest;
        Ok(text)
    }

    /// Makes sure that nothing was passed that nobody asked for.
    pub(crate) fn end(&self) -> Result<(), Failure> {
        if self.values.len() == 0 && self.texts.is_empty() {
            Ok(())
        } else {
            Err(malformed("there are more arguments than the call takes"))
        }
    }
}

/// The reason of requests that are none.
pub(crate) const MALFORMED: &str = "service_request";

fn malformed(problem: &str) -> Failure {
    Failure::new(
        Kind::Base,
        MALFORMED,
        format!("the service does not understand the request: {problem}"),
    )
}
