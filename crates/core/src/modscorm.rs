//! A manifest laid out as the rows that mod_scorm stores.
