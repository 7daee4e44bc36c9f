#!/bin/sh
# Puts the manifests of the ADL SCORM 2004 4th Edition test suite where the tests look for them.
#
#   ADL_SUITE=<checkout or bare clone of adlnet/SCORM-2004-4ed-Test-Suite> tests/corpus/adl_manifests.sh
#
# They are ADL's, so they go to the cache folder and never into this repository.
set -eu
: "${ADL_SUITE:?set ADL_SUITE to a checkout of https://github.com/adlnet/SCORM-2004-4ed-Test-Suite}"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/externalscormbridge/adl-2004-4ed"
tree=software_development/TestSuite/LMSRTE/Courses
count=0
names=$(mktemp)
trap 'rm -f "$names"' EXIT
git -C "$ADL_SUITE" ls-tree -r --name-only HEAD "$tree" | grep '/imsmanifest\.xml$' >"$names"
while IFS= read -r path; do
    folder=$cache/$(basename "$(dirname "$path")")
    mkdir -p "$folder"
    git -C "$ADL_SUITE" cat-file blob "HEAD:$path" >"$folder/imsmanifest.xml"
    count=$((count + 1))
done <"$names"
echo "$count manifests in $cache"
