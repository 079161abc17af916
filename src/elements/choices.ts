import type { Choice, Option } from '../protocol/index.ts';
import { pageHost } from './page-host.ts';

/**
 * What a person can choose from: values, which are their own texts; pairs of a value and its text; or texts by value, in a Map or an
 * object. JavaScript sorts the numeric keys of an object, so use pairs or a Map for numbers.
 */
export type Choices<V extends Choice = Choice> =
  | readonly (V | readonly [value: V, text: string])[]
  | ReadonlyMap<V, string>
  | Readonly<Record<string, string>>;

/** The type of a value that is chosen from constants: `string` for `'small' | 'large'`. */
export type Chosen<V extends Choice> =
  | (V extends string ? string : never)
  | (V extends number ? number : never)
  | (V extends boolean ? boolean : never)
  | Extract<V, null>;

/**
 * Returns choices as they travel.
 *
 * @param what the name of the function for errors, such as `ui.select`.
 * @throws {TypeError} for a choice that is no text, number, boolean or null, and for a value that occurs twice.
 */
export function optionsOf(what: string, choices: Choices): Option[] {
  const options = entries(what, choices).map(([value, text]) => ({ value: checked(what, value), text: String(text) }));
  // By their texts, because a native option knows its value as a text only.
  const values = new Set(options.map(({ value }) => String(value)));
  if (values.size < options.length) {
    const twice = options.find(({ value }, index) => {
      return options.findIndex((other) => String(other.value) === String(value)) < index;
    });
    throw new TypeError(
      `Two options of ${what} have the value ${JSON.stringify(twice?.value)}. Give each a different value.`,
    );
  }
  return options;
}

function entries(what: string, choices: Choices): readonly (readonly [value: Choice, text: unknown])[] {
  if (!Array.isArray(choices)) return entriesOf(what, choices as Readonly<Record<string, string>>);
  return (choices as readonly (Choice | readonly [Choice, string])[]).map((one) =>
    Array.isArray(one) ? (one as [Choice, string]) : [one as Choice, one],
  );
}

/**
 * Returns the pairs of a list, a Map or an object, in their order. In development, it warns of an object whose numeric keys
 * JavaScript has sorted.
 *
 * @param what the name of the function for the warning, such as `ui.select`.
 */
export function entriesOf<K, V>(
  what: string,
  pairs: readonly (readonly [K, V])[] | ReadonlyMap<K, V> | Readonly<Record<string, V>>,
): readonly (readonly [K | string, V])[] {
  if (pairs instanceof Map) return [...pairs];
  if (Array.isArray(pairs)) return pairs;
  const named = Object.entries(pairs as Readonly<Record<string, V>>);
  if (named.filter(([key]) => /^(0|[1-9]\d*)$/.test(key)).length > 1) {
    pageHost
      .get()
      ?.advise(
        `${what} got an object with numeric keys, which JavaScript sorts. Pass pairs for an order of your own, as in [[2, two], [1, one]].`,
      );
  }
  return named;
}

function checked(what: string, value: unknown): Choice {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
    return value as Choice;
  }
  throw new TypeError(
    `An option of ${what} is a text, a number, true, false or null, not ${typeof value}. Pass pairs such as [user.id, user.name].`,
  );
}
