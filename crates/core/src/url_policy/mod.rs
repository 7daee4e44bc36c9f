//! Which URLs a package may live at.
