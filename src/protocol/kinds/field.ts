import type { Look } from './look.ts';

/** A value that a person can choose. */
export type Choice = string | number | boolean | null;

/** One of several values to choose from, with its text. */
export type Option = { readonly value: Choice; readonly text: string };

/** Props of a control with a label and a message. */
export interface Labelled {
  readonly label?: string;
  /** What is wrong with the value. '' reserves a line for it. */
  readonly error?: string;
  /** Explains the control while nothing is wrong. */
  readonly hint?: string;
}

/** Props of a control with a label, a message, a colour and a size. */
export interface Tinted extends Labelled, Pick<Look, 'color' | 'size'> {}

/** Props of the frame that all fields share. */
export interface Field
  extends Labelled,
    Pick<Look, 'variant' | 'color' | 'size' | 'icon' | 'iconEnd' | 'dense' | 'round' | 'loading'> {
  /** Text inside of the frame, before the control. */
  readonly prefix?: string;
  /** Text inside of the frame, after the control. */
  readonly suffix?: string;
  readonly placeholder?: string;
  /** True shows a button that empties the field. */
  readonly clearable?: boolean;
  readonly readonly?: boolean;
  /** True gives the field the focus when the page opens. */
  readonly autofocus?: boolean;
}

/** Returns the values with one more, or without it when it is among them. */
export function toggled(values: readonly Choice[], value: Choice): Choice[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
}
