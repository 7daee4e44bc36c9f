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

/**
 * Puts the API where a search finds it, and stops the search here: beyond lies another origin.
 *
 * `own`: the SCO runs in this very window. Many searches never look at their own window, only at its parents, so the
 * window then has a parent that stands for it without being it.
 */
export function expose(target: Window, runtime: Runtime, own: boolean): void {
  Object.defineProperty(target, API_NAMES[runtime.version], {
    value: apiObject(runtime),
    configurable: true,
    enumerable: true,
  });
  const parent = own ? standInFor(target) : target;
  Object.defineProperty(target, "parent", { get: () => parent, configurable: true, enumerable: true });
}

/** Another object with everything that `target` has, which is its own parent. */
function standInFor(target: Window): Window {
  const standIn: Window = new Proxy({} as Window, {
    get(_, name) {
      if (name === "parent" || name === "self" || name === "window") return standIn;
      const value: unknown = Reflect.get(target, name, target);
      // Methods of a window work on a real window only; classes must stay themselves.
      const isMethod = typeof value === "function" && !Object.hasOwn(value, "prototype");
      return isMethod ? (...args: unknown[]): unknown => Reflect.apply(value, target, args) : value;
    },
    set: (_, name, value) => Reflect.set(target, name, value, target),
    has: (_, name) => name in target,
  });
  return standIn;
}
