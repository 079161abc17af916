/**
 * Splits a text into rows of at most `most` characters. No row ends within a surrogate pair,
 * because SQLite stores UTF-8, which cannot encode half a pair.
 */
export function splitText(text: string, most: number): string[] {
  const rows: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + most);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    rows.push(text.slice(start, end));
    start = end;
  }
  return rows;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
