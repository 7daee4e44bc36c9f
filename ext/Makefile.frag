# `make test` reads dlname from the .la file and `make install` copies the .so; both come from one cargo build.
# Always asked: cargo knows best whether anything changed.
.PHONY: scormbridge-cargo
scormbridge-cargo:
	@$(mkinstalldirs) $(phplibdir)
	PATH="$$(dirname "$(CARGO)"):$$PATH" PHP="$(PHP_EXECUTABLE)" sh $(top_srcdir)/build.sh > $(phplibdir)/scormbridge.path
	cp "$$(cat $(phplibdir)/scormbridge.path)" $(phplibdir)/scormbridge.so
	rm -f $(phplibdir)/scormbridge.path

$(phplibdir)/scormbridge.la: scormbridge-cargo
	echo "dlname='scormbridge.so'" > $@
