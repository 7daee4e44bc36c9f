/** SCOs as authors write them: they search for the API, initialize, read first, and note all that happens in `log`. */

const FIND = `
function find(win, name) {
  var tries = 0;
  while (!win[name] && win.parent && win.parent !== win && tries++ < 500) win = win.parent;
  return win[name] || null;
}
// Like the search that ADL published, this one never looks at its own window.
function search(name) {
  var api = window.parent && window.parent !== window ? find(window.parent, name) : null;
  return api || (window.opener ? find(window.opener, name) : null);
}
`;

/** A SCO of one version. It keeps `log`, `api` and `first`, what it read before it did anything else. */
export function sco(version: "1.2" | "2004"): string {
  const names =
    version === "1.2"
      ? { api: "API", init: "LMSInitialize", get: "LMSGetValue", set: "LMSSetValue", end: "LMSFinish", id: "cmi.core.student_id", place: "cmi.core.lesson_location" }
      : { api: "API_1484_11", init: "Initialize", get: "GetValue", set: "SetValue", end: "Terminate", id: "cmi.learner_id", place: "cmi.location" };
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Lesson &amp; quiz</title>
<script>${FIND}
var log = [];
var api = search("${names.api}");
log.push("initialize:" + (api ? api.${names.init}("") : "no api"));
var first = api ? api.${names.get}("${names.id}") : "";
var suspended = api ? api.${names.get}("cmi.suspend_data") : "";
localStorage.setItem("seen", "yes");
document.cookie = "lesson=1; path=/";
log.push("storage:" + localStorage.getItem("seen") + ":" + /lesson=1/.test(document.cookie));
["beforeunload", "pagehide", "unload"].forEach(function (type) {
  window.addEventListener(type, function () {
    if (!api || window.endsOn !== type) return;
    api.${names.set}("${names.place}", type);
    api.${names.end}("");
  });
});
window.addEventListener("load", function () { log.push("load:" + document.compatMode + ":" + location.search); });
</script><script src="part.js"></script></head><body><p id="text">Lesson</p></body></html>`;
}

export const PART = `log.push("part");`;

/** A page inside a SCO, or in a window that a SCO opened, that searches for itself. */
export const DEEP = `<!DOCTYPE html><title>Deep</title><script>${FIND}
var found = search("API");
var answer = found ? found.LMSGetValue("cmi.core.student_id") : "no api";
</script>`;

/** A page that does its best to be taken for a relay or for a learning site. */
export const HOSTILE = `<!DOCTYPE html><title>Hostile</title><script>
var got = [];
window.addEventListener("message", function (event) { got.push(event.data); });
function attack(target) {
  for (var i = 0; i < 50; i++) {
    var nonce = ("0".repeat(32) + i.toString(16)).slice(-32);
    target.postMessage({scormbridge: 1, type: "hello", nonce: nonce, relay: "0.1.0", mode: "host"}, "*");
    target.postMessage({scormbridge: 1, type: "welcome", nonce: nonce, seed: {version: "1.2", mode: "normal", elements: [], limits: {}, last_seq: 0}, sco: ""}, "*", [new MessageChannel().port2]);
  }
}
</script>`;
