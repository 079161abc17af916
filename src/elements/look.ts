import type { Color, Look, Size, Variant } from '../protocol/index.ts';
import type { MaybeReactive } from '../reactive/index.ts';
import { iconName } from './icon-names.ts';

/**
 * Options of how an element looks. An element's own options name those that the element shows. Signals and functions keep
 * an option up to date.
 */
export interface LookOptions {
  /** How much the element stands out. @default 'solid' */
  readonly variant?: MaybeReactive<Variant>;
  /** A colour of the theme. @default depends on the element */
  readonly color?: MaybeReactive<Color>;
  /** A step of the theme's sizes. @default 'md' */
  readonly size?: MaybeReactive<Size>;
  /** Name of an icon before the text, in Lucide (`'trash-2'`) or Material (`'delete'`). @default none */
  readonly icon?: MaybeReactive<string>;
  /** Name of an icon after the text. @default none */
  readonly iconEnd?: MaybeReactive<string>;
  /** True rounds the element; an element with only an icon becomes a circle. @default false */
  readonly round?: MaybeReactive<boolean>;
  /** True reduces the space inside the element. @default false */
  readonly dense?: MaybeReactive<boolean>;
  /** True makes the element as wide as its parent. @default false */
  readonly block?: MaybeReactive<boolean>;
  /** True shows a turning wheel in place of the icon. @default false */
  readonly loading?: MaybeReactive<boolean>;
}

/** The props of the look, each with the function that turns the author's value into the prop. */
export const lookProps: { readonly [Name in keyof Look]-?: (value: never) => unknown } = {
  variant: same,
  color: same,
  size: same,
  icon: (name: string) => name && iconName(name),
  iconEnd: (name: string) => name && iconName(name),
  round: orNothing,
  dense: orNothing,
  block: orNothing,
  loading: orNothing,
};

function same(value: unknown): unknown {
  return value;
}

/** Because an absent prop means false, false is not sent. */
function orNothing(value: boolean): true | undefined {
  return value || undefined;
}
