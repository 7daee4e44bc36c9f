dnl Lets phpize, PIE and distribution packagers build this extension the way they build any other.
dnl The work is cargo's; Makefile.frag calls it.

PHP_ARG_ENABLE([scormbridge],
  [whether to enable External SCORM Bridge],
  [AS_HELP_STRING([--enable-scormbridge], [Enable External SCORM Bridge])],
  [yes])

if test "$PHP_SCORMBRIDGE" != "no"; then
  AC_PATH_PROG([CARGO], [cargo], [no])
  if test "$CARGO" = "no"; then
    AC_MSG_ERROR([cargo was not found. Install Rust 1.94 or later from https://rustup.rs and try again.])
  fi
  dnl phpize's Makefile builds, tests and installs what PHP_MODULES names.
  PHP_MODULES="$PHP_MODULES \$(phplibdir)/scormbridge.la"
  PHP_SUBST([PHP_MODULES])
  PHP_SUBST([CARGO])
  PHP_ADD_BUILD_DIR([$abs_builddir/modules])
  PHP_ADD_MAKEFILE_FRAGMENT([$abs_srcdir/Makefile.frag], [$abs_srcdir], [$abs_builddir])
fi
