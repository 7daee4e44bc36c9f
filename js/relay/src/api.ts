/**
 * The API object that a SCO finds: `window.API` for SCORM 1.2, `window.API_1484_11` for SCORM 2004, never both.
 * Methods are own properties and need no `this`, because SCOs copy them into variables.
 */
import type { Version } from "@scormbridge/protocol";
import type { Runtime } from "./runtime.ts";

export const API_NAMES: Record<Version, "API" | "API_1484_11"> = { "1.2": "API", "2004": "API_1484_11" };

type Method = (...args: unknown[]) => string;

/** The API of the run-time's SCORM version. */
export function apiObject(runtime: Runtime): Record<string, Method | string> {
  const calls: Record<string, Method> = {
    Initialize: (argument) => runtime.initialize(argument),
    GetValue: (element) => runtime.getValue(element),
    SetValue: (element, value) => runtime.setValue(element, value),
    Commit: (argument) => runtime.commit(argument),
    GetLastError: () => runtime.lastError(),
    GetErrorString: (code) => runtime.errorString(code),
    GetDiagnostic: (code) => runtime.diagnostic(code),
  };
  const terminate: Method = (argument) => runtime.terminate(argument);
  if (runtime.version === "2004") return { version: "1.0", ...calls, Terminate: terminate };
  const renamed = Object.entries(calls).map(([name, call]) => [`LMS${name}`, call] as const);
  return { ...Object.fromEntries(renamed), LMSFinish: terminate };
}

/** Puts the API where a search finds it, and stops the search here: beyond lies another origin. */
export function expose(target: Window, runtime: Runtime): void {
  Object.defineProperty(target, API_NAMES[runtime.version], {
    value: apiObject(runtime),
    configurable: true,
    enumerable: true,
  });
  Object.defineProperty(target, "parent", { get: () => target, configurable: true, enumerable: true });
}
