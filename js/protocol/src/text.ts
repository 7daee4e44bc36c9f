/**
 * Text as it may cross a border: sequences of Unicode scalar values, with a measured size.
 * Must never change well-formed text.
 */

/** Replaces by U+FFFD what cannot be stored: lone surrogates (UTF-8 cannot carry them) and U+0000 (PostgreSQL refuses it). */
export function storable(text: string): string {
  return text.replace(/[\p{Surrogate}\0]/gu, "\uFFFD");
}

/** Whether UTF-8 can carry the text. */
export function wellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Bytes of `text` in UTF-8. Counted without making the bytes, as this runs once per journal entry. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
