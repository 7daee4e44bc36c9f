/**
 * What learners answer and what would be right, by type of interaction: SCORM 2004 4th Ed. RTE, 4.2.9.1.
 * The same rules as the server's (`scormbridge_core::cmi`), so that no answer is taken here and refused there.
 */

/** Letters, digits and the other characters of a URI, at most 250, one of them a letter, a digit or `_`. */
const SHORT_IDENTIFIER = /^(?=.*[\w])[\w.~()+:=@;$!*'%/#?&-]{1,250}$/;
const REAL = /^-?\d{1,10}(\.\d{1,18})?$/;
const LANGUAGE = "(?:[a-zA-Z]{2,8}|[ixIX])(?:-[a-zA-Z0-9]{1,8})*";
export const LANGUAGE_TYPE = new RegExp(`^(${LANGUAGE})?$`);
const LOCALIZED = new RegExp(`^\\{lang=(${LANGUAGE})\\}`);
const FLAG = new RegExp(`^(\\{(case|order)_matters=(true|false)\\}|\\{lang=${LANGUAGE}\\}(?=\\{(case|order)_matters=))`);

/** Something that passes for a response of each type. */
export const SAMPLES: Readonly<Record<string, string>> = {
  "true-false": "true",
  matching: "a[.]b",
  performance: "a[.]b",
  numeric: "1",
};

/** Whether a text is at most so long, in Unicode characters. */
export function fitsLength(value: string, characters: number): boolean {
  return value.length <= characters || Array.from(value).length <= characters;
}

/** localized_string_type: an optional `{lang=…}`, then so many characters. */
export function isLocalized(value: string, characters: number): boolean {
  const language = LOCALIZED.exec(value)?.[0];
  if (language === undefined && value.startsWith("{lang=")) return false;
  return fitsLength(value.slice(language?.length ?? 0), characters);
}

/** Whether `value` is a `learner_response` of an interaction of this type. */
export function isResponse(type: string, value: string): boolean {
  switch (type) {
    case "true-false":
      return value === "true" || value === "false";
    case "choice":
      return value === "" || (every(value, isShort) && new Set(value.split("[,]")).size === value.split("[,]").length);
    case "fill-in":
      return every(value, (part) => isLocalized(part, 250));
    case "long-fill-in":
      return isLocalized(value, 4_000);
    case "matching":
      return every(value, (part) => halves(part, isShort, isShort));
    case "performance":
      return every(value, isStep);
    case "sequencing":
      return every(value, isShort);
    case "likert":
      return isShort(value);
    case "numeric":
      return REAL.test(value);
    case "other":
      return fitsLength(value, 4_000);
    default:
      // Without a type nothing can be said; the library asks for the type.
      return true;
  }
}

/** Whether `value` is a `correct_responses.n.pattern` of an interaction of this type. */
export function isPattern(type: string, value: string): boolean {
  switch (type) {
    case "fill-in":
    case "long-fill-in":
    case "performance":
    case "matching":
    case "sequencing": {
      const rest = withoutFlags(value);
      return !/^\{(case|order)_matters=/.test(rest) && isResponse(type, rest);
    }
    case "numeric":
      return isRange(value);
    default:
      return isResponse(type, value);
  }
}

/** Takes `{case_matters=…}` and `{order_matters=…}` off the front; a `{lang=…}` may stand before them. */
function withoutFlags(value: string): string {
  let rest = value;
  for (let flag = FLAG.exec(rest); flag; flag = FLAG.exec(rest)) rest = rest.slice(flag[0].length);
  return rest;
}

function isRange(value: string): boolean {
  const [min = "", max, more] = value.split("[:]");
  if (max === undefined) return REAL.test(min);
  const open = min === "" || max === "";
  const bounds = [min, max].every((bound) => bound === "" || REAL.test(bound));
  return more === undefined && bounds && (open || Number(min) <= Number(max));
}

function isShort(value: string): boolean {
  return SHORT_IDENTIFIER.test(value);
}

/** A step of a performance: a name and an answer, of which either may be left out. */
function isStep(part: string): boolean {
  return halves(
    part,
    (name) => name === "" || isShort(name),
    (answer) => fitsLength(answer, 250),
  );
}

function every(value: string, fits: (part: string) => boolean): boolean {
  return value.split("[,]").every(fits);
}

function halves(part: string, left: (half: string) => boolean, right: (half: string) => boolean): boolean {
  const [first, second, third] = part.split("[.]");
  return first !== undefined && second !== undefined && third === undefined && left(first) && right(second);
}
