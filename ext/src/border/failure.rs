//! The exception family: one base class, one subclass per subject, one stable reason code per cause.
//!
//! The classes are plain PHP exceptions with two typed properties, not objects backed by Rust, so that
//! file, line and trace are PHP's own and PHP code can construct, subclass and catch them as usual.

use std::panic::catch_unwind;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use ext_php_rs::builders::ClassBuilder;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::exception::PhpException;
use ext_php_rs::ffi::{zend_string, zend_type};
use ext_php_rs::flags::{DataType, PropertyFlags};
use ext_php_rs::types::{ZendEmptyArray, ZendHashTable, ZendStr, Zval};
use ext_php_rs::zend::{ClassEntry, ce};
use scormbridge_api::{self as api, Kind};

/// Class names, in the order of [`Kind`]. The base comes first: the others extend it.
const NAMES: [&str; 8] = [
    "Scormbridge\\Exception",
    "Scormbridge\\UrlException",
    "Scormbridge\\ManifestException",
    "Scormbridge\\FetchException",
    "Scormbridge\\DataModelException",
    "Scormbridge\\SealException",
    "Scormbridge\\TicketException",
    "Scormbridge\\ConfigException",
];

/// Class entries, in the same order, filled once at module start-up.
static ENTRIES: [AtomicPtr<ClassEntry>; 8] = [const { AtomicPtr::new(ptr::null_mut()) }; 8];

fn class_of(kind: Kind) -> Option<&'static ClassEntry> {
    let slot = ENTRIES.get(kind as usize)?;
    // SAFETY: the slot is null or holds a class entry that the engine keeps until the module shuts
    // down, after the last call that could get here.
    unsafe { slot.load(Ordering::Acquire).as_ref() }
}

/// A failure of the API on its way to PHP; becomes one exception of the family.
#[derive(Clone)]
pub(crate) struct Failure(pub(crate) api::Failure);

impl Failure {
    /// A failure of `kind` with its stable reason code and an English message for logs.
    pub(crate) fn new(kind: Kind, reason: &'static str, message: impl ToString) -> Self {
        Self(api::Failure::new(kind, reason, message))
    }

    /// The exception object, made the way `new` makes it in PHP.
    fn object(&self, class: &'static ClassEntry) -> ext_php_rs::error::Result<Zval> {
        let mut details = ZendHashTable::new();
        for (name, value) in self.0.details() {
            details.insert(*name, value.as_str())?;
        }
        let mut object = class.new();
        object.try_call_method("__construct", vec![&self.0.message()])?;
        object.set_property("reason", self.0.reason())?;
        object.set_property("details", details)?;
        object.into_zval(false)
    }
}

impl From<api::Failure> for Failure {
    fn from(failure: api::Failure) -> Self {
        Self(failure)
    }
}

impl From<Failure> for PhpException {
    fn from(failure: Failure) -> Self {
        let class = class_of(failure.0.kind()).unwrap_or_else(|| ce::exception());
        let object = failure.object(class);
        let exception = Self::new(failure.0.message().to_owned(), 0, class);
        match object {
            Ok(object) => exception.with_object(object),
            // Without its object the exception still has its class and message.
            Err(_) => exception,
        }
    }
}

unsafe extern "C" {
    /// `Zend/zend_API.h`: declares a typed property; copies name and default, keeps neither.
    fn zend_declare_typed_property(
        class: *mut ClassEntry,
        name: *mut zend_string,
        default: *mut Zval,
        access: i32,
        doc_comment: *mut zend_string,
        r#type: zend_type,
    ) -> *mut std::ffi::c_void;
}

/// Declares one public property of the base class; children inherit it.
fn declare(class: &mut ClassEntry, name: &str, r#type: DataType, mut default: Zval) {
    let Some(r#type) = zend_type::empty_from_type(r#type, false, false, false) else {
        return;
    };
    let name = ZendStr::new_interned(name, true);
    // SAFETY: called during module start-up on a class that was just registered. The name is interned
    // and permanent and the default is not reference counted, as the engine demands of internal
    // classes; the type holds no pointer.
    unsafe {
        zend_declare_typed_property(
            class,
            name.as_ptr().cast_mut(),
            &raw mut default,
            PropertyFlags::Public.bits().cast_signed(),
            ptr::null_mut(),
            r#type,
        );
    }
}

fn register_one<const N: usize>() -> ext_php_rs::error::Result<()> {
    let name = NAMES.get(N).copied().unwrap_or_default();
    let parent: (fn() -> &'static ClassEntry, &'static str) = if N == Kind::Base as usize {
        (|| ce::exception(), "\\Exception")
    } else {
        (
            || class_of(Kind::Base).unwrap_or_else(|| ce::exception()),
            "\\Scormbridge\\Exception",
        )
    };
    ClassBuilder::new(name)
        .extends(parent)
        .registration(|class, _no_methods| {
            if N == Kind::Base as usize {
                let mut empty = Zval::new();
                if empty.set_interned_string("", true).is_ok() {
                    declare(class, "reason", DataType::String, empty);
                }
                if let Ok(none) = ZendEmptyArray.into_zval(true) {
                    declare(class, "details", DataType::Array, none);
                }
            }
            if let Some(slot) = ENTRIES.get(N) {
                slot.store(class, Ordering::Release);
            }
        })
        .register()
}

/// Registers the family. Runs once, at module start-up, before the other classes.
pub(crate) unsafe extern "C" fn register(_type: i32, _module: i32) -> i32 {
    let registered = catch_unwind(|| {
        register_one::<0>()?;
        register_one::<1>()?;
        register_one::<2>()?;
        register_one::<3>()?;
        register_one::<4>()?;
        register_one::<5>()?;
        register_one::<6>()?;
        register_one::<7>()
    });
    // The engine's SUCCESS is 0 and its FAILURE is -1; on failure it names the module and stops.
    match registered {
        Ok(Ok(())) => 0,
        Ok(Err(_)) | Err(_) => -1,
    }
}
