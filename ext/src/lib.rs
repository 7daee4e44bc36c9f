//! The PHP extension `scormbridge`: the rules of the core and the guarded HTTP of the gateway for PHP.
//!
//! Every class is a thin wrapper: read the arguments under limits, call the crate that holds the rule,
//! turn the result into an array or the error into one exception of the family. What it must never do:
//! hold a rule of its own, let a panic or a plain `\Error` be the answer to bad input, or make a thread,
//! a runtime or a client at module start-up (php-fpm forks afterwards).

mod border;
mod data_model;
mod gateway;
mod manifest;
mod process;
mod response;
mod tickets;
mod url_policy;
mod vault;

use ext_php_rs::ffi::{
    php_info_print_table_end, php_info_print_table_row, php_info_print_table_start,
};
use ext_php_rs::prelude::*;
use ext_php_rs::zend::ModuleEntry;

use border::{Failure, PhpArray};

/// Version of the extension and of the wire formats it speaks.
#[php_function]
#[php(name = "Scormbridge\\version")]
pub(crate) fn version() -> Result<PhpArray, Failure> {
    border::array(&scormbridge_api::version())
}

/// The section of `phpinfo()`.
unsafe extern "C" fn info(_module: *mut ModuleEntry) {
    let version = concat!(env!("CARGO_PKG_VERSION"), "\0");
    // SAFETY: each row passes as many NUL-terminated strings as it says; they are static. The engine
    // calls this between its own start and end of the page.
    unsafe {
        php_info_print_table_start();
        php_info_print_table_row(2, c"External SCORM Bridge".as_ptr(), c"enabled".as_ptr());
        php_info_print_table_row(2, c"Version".as_ptr(), version.as_ptr());
        php_info_print_table_row(2, c"Protocol".as_ptr(), c"1".as_ptr());
        php_info_print_table_row(
            2,
            c"Content".as_ptr(),
            c"SCORM 1.2, SCORM 2004 2nd to 4th Edition".as_ptr(),
        );
        php_info_print_table_end();
    }
}

/// The entry point that PHP looks up.
mod module {
    #![allow(
        unreachable_pub,
        reason = "the macro writes `pub` functions for the dynamic linker, not for Rust"
    )]

    use super::*;

    #[php_module]
    pub fn get_module(module: ModuleBuilder<'_>) -> ModuleBuilder<'_> {
        module
            .name("scormbridge")
            .startup_function(border::failure::register)
            .shutdown_function(process::shutdown)
            .info_function(info)
            .class::<url_policy::UrlPolicy>()
            .class::<manifest::Manifest>()
            .class::<gateway::Gateway>()
            .class::<response::Response>()
            .class::<data_model::DataModel>()
            .class::<vault::Vault>()
            .class::<tickets::Tickets>()
            .function(wrap_function!(version))
    }
}
