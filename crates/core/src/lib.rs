//! The rules that every front door of External SCORM Bridge shares.
//!
//! This crate decides; it never does I/O. It opens no file, resolves no name, reads no clock:
//! whatever it needs (bytes, the current time, random nonces excepted) is handed in.
//!
//! * [`url_policy`] says which URLs a package may live at.
//! * [`manifest`] reads `imsmanifest.xml`; [`modscorm`] lays the result out as Moodle's mod_scorm stores it.
//! * [`journal`] is the wire format between relay, controller and server.
//! * [`cmi`] is the SCORM run-time data model: it seeds a launch and replays a journal.
//! * [`sealing`] keeps stored secrets unreadable, [`ticket`] stands in for a session where no cookie reaches;
//!   both take their [`keys`] from the caller.

#![forbid(unsafe_code)]

pub mod cmi;
pub mod journal;
pub mod keys;
pub mod manifest;
pub mod modscorm;
pub mod sealing;
pub mod ticket;
pub mod url_policy;
