/** How much an element stands out: filled, with a line around it, tinted, without a background, or like a link. */
export type Variant = 'solid' | 'outline' | 'soft' | 'ghost' | 'link';

/** A colour of the theme. `positive` is another name of `success`, `negative` of `error`. */
export type Color =
  | 'primary'
  | 'secondary'
  | 'accent'
  | 'neutral'
  | 'info'
  | 'success'
  | 'warning'
  | 'error'
  | 'positive'
  | 'negative';

/** A step of the theme's sizes. */
export type Size = 'xs' | 'sm' | 'md' | 'lg' | 'xl';

/** Props that say how an element looks. A kind takes those that its component shows. */
export interface Look {
  readonly variant?: Variant;
  readonly color?: Color;
  readonly size?: Size;
  /** Name of an icon in the icon set. */
  readonly icon?: string;
  /** Name of the icon at the end of the text. */
  readonly iconEnd?: string;
  /** True rounds the element: a circle when it has only an icon. */
  readonly round?: boolean;
  /** True reduces the space inside the element. */
  readonly dense?: boolean;
  /** True makes the element as wide as its parent. */
  readonly block?: boolean;
  /** True shows a turning wheel in place of the icon. */
  readonly loading?: boolean;
}
