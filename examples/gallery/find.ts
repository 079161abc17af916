import type { Group, Place } from './places.ts';

/** Most places that are shown at once. */
const most = 6;

/** A place that was found, and the heading that it stands under. */
export interface Found extends Place {
  readonly group: string;
}

/** Returns the places that have each word of a text, or words that begin so. Titles count most, then lines, then texts. */
export function find(groups: readonly Group[], text: string): Found[] {
  const words = (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => new RegExp(`(?<![\\p{L}\\p{N}])${word}`, 'iu'));
  if (words.length === 0) return [];
  return groups
    .flatMap(({ title, places }) => places.map((place): Found => ({ ...place, group: title })))
    .map((place) => ({ place, ranks: words.map((word) => rankOf(place, word)) }))
    .filter(({ ranks }) => !ranks.includes(0))
    .toSorted((one, other) => sum(other.ranks) - sum(one.ranks))
    .slice(0, most)
    .map(({ place }) => place);
}

function rankOf({ title, line, text = '' }: Place, word: RegExp): number {
  return word.test(title) ? 9 : word.test(line) ? 3 : word.test(text) ? 1 : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
