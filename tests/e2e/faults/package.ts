// A package whose SCO does nothing by itself: a schedule drives it. One for each SCORM version.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Version = '1.2' | '2004';

export const elements = {
  '1.2': {
    location: 'cmi.core.lesson_location',
    suspend: 'cmi.suspend_data',
    score: 'cmi.core.score.raw',
    exit: 'cmi.core.exit',
    status: 'cmi.core.lesson_status',
  },
  '2004': { location: 'cmi.location', suspend: 'cmi.suspend_data', score: 'cmi.score.raw', exit: 'cmi.exit', status: 'cmi.completion_status' },
} as const;

/** Lays the package out in a folder of its own below `root` and answers the folder's name. */
export function scripted(root: string, version: Version): string {
  const name = `scripted-${version}`;
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'imsmanifest.xml'), manifest(version));
  writeFileSync(join(folder, 'index.html'), page(version, 'First page'));
  writeFileSync(join(folder, 'second.html'), page(version, 'Second page'));
  return name;
}

function manifest(version: Version): string {
  const [schema, cp, adlcp, type] =
    version === '1.2'
      ? ['1.2', 'http://www.imsproject.org/xsd/imscp_rootv1p1p2', 'http://www.adlnet.org/xsd/adlcp_rootv1p2', 'adlcp:scormtype']
      : ['2004 4th Edition', 'http://www.imsglobal.org/xsd/imscp_v1p1', 'http://www.adlnet.org/xsd/adlcp_v1p3', 'adlcp:scormType'];
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="scripted" version="1" xmlns="${cp}" xmlns:adlcp="${adlcp}">
  <metadata><schema>ADL SCORM</schema><schemaversion>${schema}</schemaversion></metadata>
  <organizations default="all"><organization identifier="all"><title>Scripted</title>
    <item identifier="one" identifierref="page"><title>Scripted</title></item>
  </organization></organizations>
  <resources>
    <resource identifier="page" type="webcontent" ${type}="sco" href="index.html"><file href="index.html"/><file href="second.html"/></resource>
  </resources>
</manifest>
`;
}

/**
 * `sets` does many things at once and answers which were accepted. `lastWords` are said when `lastWords.on` happens; by then
 * nobody can be told but the network, whether they were accepted.
 */
function page(version: Version, title: string): string {
  const [api, prefix, end] = version === '1.2' ? ['API', 'LMS', 'Finish'] : ['API_1484_11', '', 'Terminate'];
  return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>
<script>
function find(from) {
  for (var at = from, i = 0; at && i < 20; i++, at = at.parent) { if (at["${api}"]) return at["${api}"]; if (at.parent === at) return null; }
  return null;
}
var api = find(window.parent) || (window.opener && find(window.opener)) || find(window);
var began = api ? api.${prefix}Initialize("") : "no api";
function get(element) { return api.${prefix}GetValue(element); }
function set(element, value) { return api.${prefix}SetValue(element, value); }
function commit() { return api.${prefix}Commit(""); }
function end() { return api.${prefix}${end}(""); }
function sets(pairs) { return pairs.filter(function (pair) { return set(pair[0], pair[1]) === "true"; }); }
var lastWords = null;
["beforeunload", "pagehide", "unload"].forEach(function (type) {
  window.addEventListener(type, function () {
    if (!lastWords || lastWords.on !== type) return;
    var accepted = set(lastWords.element, lastWords.value);
    end();
    navigator.sendBeacon("said?" + accepted + "&" + encodeURIComponent(lastWords.value));
  });
});
document.documentElement.dataset.state = api ? "running" : "no-api";
</script></html>
`;
}
