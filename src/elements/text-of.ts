/**
 * Returns a value that an author gave as a text. What is not there, such as a field that an answer lacks, is an empty text.
 *
 * @param what takes the text, as in `ui.label`.
 * @throws {TypeError} for an object without a text of its own.
 */
export function textOf(what: string, value: unknown): string {
  const text = String(value ?? '');
  if (!/^\[object \w+\]$/.test(text) || typeof value === 'string') return text;
  throw new TypeError(
    `${what} takes a text or a number; it was given ${text}. ` +
      ((value as { then?: unknown }).then
        ? 'Await it first.'
        : 'Give it a field of the object, or JSON.stringify(object).'),
  );
}
