//! The SCORM run-time data model.
