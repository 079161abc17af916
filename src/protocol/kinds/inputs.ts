import type { Json } from '../json.ts';
import { readRichText } from '../rich-text.ts';
import { type Choice, type Field, type Labelled, type Option, type Tinted, toggled } from './field.ts';
import { noValue, type Rules, type Traits } from './kind.ts';
import type { Look } from './look.ts';

/** Elements that a person clicks, ticks, chooses or types into. */
export interface InputKinds {
  /** A button when it is `clickable`. Sends `remove` by a button of its own when it is `removable`. */
  chip: { readonly text: string; readonly clickable?: boolean; readonly removable?: boolean } & Pick<
    Look,
    'variant' | 'color' | 'size' | 'icon'
  >;
  /** Without a text it shows its icon, and `label` names it for assistive technology. A click of `submit` sends its form. */
  button: { readonly text: string; readonly label?: string; readonly submit?: boolean } & Look;
  /** Sends `value` with the text, unless it is `readonly`, and at most `maxlength` characters. */
  input: Field & {
    readonly value: string;
    readonly type?: 'text' | 'password' | 'email' | 'url' | 'search' | 'tel';
    readonly maxlength?: number;
    /** True stores a password, as any other text. */
    readonly stored?: boolean;
    /** True shows a button that shows the password. */
    readonly toggle?: boolean;
    /** Texts that the browser suggests. */
    readonly suggestions?: readonly string[];
  };
  /** Sends `value` with the text; its lines end with a line feed. It grows with its text from `rows` lines on. */
  textarea: Field & { readonly value: string; readonly rows?: number; readonly maxlength?: number };
  /** Sends `value` with a number from `min` to `max`, or null for an empty field. `decimals` is for display. */
  number: Field & {
    readonly value: number | null;
    readonly min?: number;
    readonly max?: number;
    readonly step?: number;
    readonly precision?: number;
    readonly decimals?: number;
  };
  /** Sends `value` with true or false. `mixed` shows neither. */
  checkbox: Tinted & { readonly text: string; readonly value: boolean; readonly mixed?: boolean };
  /** A checkbox that looks like a switch. Sends `value` with true or false. */
  switch: Tinted & { readonly text: string; readonly value: boolean };
  /** Sends `value` with the value of one of the options, of several with `multiple`, or null when it is `clearable`. */
  select: Field & {
    readonly options: readonly Option[];
    readonly value: Choice | readonly Choice[];
    readonly multiple?: boolean;
    /** True shows a field that filters the options. */
    readonly search?: boolean;
    /** True takes typed texts that are no option. */
    readonly additions?: boolean;
  };
  /** Sends `value` with the value of one of the options. */
  radio: Tinted & { readonly options: readonly Option[]; readonly value: Choice; readonly inline?: boolean };
  /** Buttons of which one is pressed. Sends `value` with the value of one of the options, or null when it is `clearable`. */
  toggle: Tinted & { readonly options: readonly Option[]; readonly value: Choice; readonly clearable?: boolean };
  /** Sends `value` with a number from `min` to `max` in steps. `shown` shows the number, too. */
  slider: Tinted & Step & { readonly value: number; readonly shown?: boolean };
  /** Two sliders on one line. Sends `value` with two numbers, the lower one first. */
  range: Tinted & Step & { readonly value: readonly [number, number]; readonly shown?: boolean };
  /** A round slider. Sends `value` like a slider. */
  knob: Tinted & Step & { readonly value: number; readonly shown?: boolean };
  /** Sends `value` with a date (`2026-11-29`), '' for none; with `range` with two dates, the first one first. */
  date: Field & {
    readonly value: string | readonly [string, string];
    readonly range?: boolean;
    readonly min?: string;
    readonly max?: string;
  };
  /** Sends `value` with a time of the day (`08:30`), '' for none. `step` is in seconds. */
  time: Field & { readonly value: string; readonly min?: string; readonly max?: string; readonly step?: number };
  /** Sends `value` with a colour (`#1e90ff`), '' for none. */
  colorInput: Field & { readonly value: string };
  /** A button in the colour that it picks. Sends `value` with a colour. */
  colorPicker: Tinted & { readonly value: string };
  /** Sends `value` with a list of texts, each at most once. */
  inputChips: Field & {
    readonly value: readonly string[];
    readonly suggestions?: readonly string[];
    readonly maxlength?: number;
  };
  /** Sends `value` with a number of stars, from 1 to `max`, or null for none. */
  rating: Tinted & { readonly value: number | null; readonly max: number };
  /** Sends `value` with the number of a page. */
  pagination: Tinted & { readonly value: number; readonly min: number; readonly max: number };
  /** Buttons beside each other, as one group. */
  buttonGroup: { readonly label?: string };
  /** A button that opens a menu of its children. */
  dropdownButton: { readonly text: string; readonly label?: string } & Look;
  /** A round button that shows its `fabAction`s on one side of it. Has the methods `open`, `close` and `toggle`. */
  fab: {
    readonly text: string;
    readonly label?: string;
    readonly direction: 'up' | 'down' | 'left' | 'right';
  } & Pick<Look, 'icon' | 'color' | 'size'>;
  /** A round button of a fab. It closes the fab when it is clicked, unless it `stays`. */
  fabAction: { readonly text: string; readonly label?: string; readonly stays?: boolean } & Pick<
    Look,
    'icon' | 'color'
  >;
  /** A stick that springs back. Sends `value` with two numbers from -1 to 1: to the right, and up. */
  joystick: { readonly value: readonly [number, number]; readonly label: string } & Pick<Look, 'color' | 'size'>;
  /** Sends `value` with HTML in the form of `formatRichText`. `tools` are the buttons above it. */
  editor: Labelled & {
    readonly value: string;
    readonly tools: readonly EditorTool[];
    readonly placeholder?: string;
    readonly maxlength?: number;
    readonly readonly?: boolean;
  };
  /** A form of fields. Sends `submit` when the person presses Enter in a field or a button with `submit`. */
  form: object;
}

/** A button of an editor, by what it does. */
export type EditorTool =
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strike'
  | 'heading'
  | 'bullets'
  | 'numbers'
  | 'quote'
  | 'link'
  | 'clear'
  | 'undo'
  | 'redo';

interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

interface Step {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const value = { writes: ['value'] } as const;

export const inputRules: Rules<InputKinds> = {
  chip: { events: ['remove'] },
  input: value,
  textarea: value,
  number: value,
  checkbox: value,
  switch: value,
  select: value,
  radio: value,
  toggle: value,
  slider: value,
  range: value,
  knob: value,
  date: value,
  time: value,
  colorInput: value,
  colorPicker: value,
  inputChips: value,
  rating: value,
  pagination: value,
  joystick: value,
  editor: value,
  form: { events: ['submit'] },
};

export const inputTraits: Traits<InputKinds> = {
  chip: {
    checks: {
      remove: (value, { removable }) => (removable ? noValue(value) : 'the chip cannot be removed'),
    },
  },
  button: { core: true, texts: ({ text, label }) => [text, label] },
  input: { typed: true, checks: { value: text('input') } },
  textarea: { typed: true, checks: { value: text('textarea') } },
  number: {
    typed: true,
    checks: { value: (value, props) => unchangeable(props) ?? (value === null ? undefined : inRange(value, props)) },
  },
  checkbox: { click: ({ value }) => ['value', !value], checks: { value: tick('checkbox') } },
  switch: { click: ({ value }) => ['value', !value], checks: { value: tick('switch') } },
  select: {
    choices: ({ options, value, multiple }) =>
      options.map((option) => ({
        ...option,
        value: multiple ? toggled(value as Choice[], option.value) : option.value,
      })),
    checks: { value: chosen },
  },
  radio: { choices: ({ options }) => options, checks: { value: oneOf } },
  toggle: {
    choices: ({ options }) => options,
    checks: { value: (value, props) => (value === null && props.clearable ? undefined : oneOf(value, props)) },
  },
  slider: { typed: true, checks: { value: onGrid } },
  range: {
    checks: {
      value: (value, props) => {
        if (!Array.isArray(value) || value.length !== 2) return 'the value of a range is two numbers';
        return onGrid(value[0], props) ?? onGrid(value[1], props) ?? ordered(value as Json[], 'numbers');
      },
    },
  },
  knob: { typed: true, checks: { value: onGrid } },
  date: {
    typed: true,
    checks: {
      value: (value, props) => {
        const wrong = unchangeable(props);
        if (wrong || !props.range) return wrong ?? moment(value, props, dateAt, 'a date such as 2026-11-29');
        if (!Array.isArray(value) || value.length !== 2) return 'the value of a range of dates is two dates';
        const [from, to] = value.map((one) => moment(one, props, dateAt, 'a date such as 2026-11-29'));
        return from ?? to ?? (value.includes('') ? undefined : ordered(value as Json[], 'dates'));
      },
    },
  },
  time: {
    typed: true,
    checks: { value: (value, props) => unchangeable(props) ?? moment(value, props, timeAt, 'a time such as 08:30') },
  },
  colorInput: {
    typed: true,
    checks: { value: (value, props) => unchangeable(props) ?? (value === '' ? undefined : colour(value)) },
  },
  colorPicker: { typed: true, checks: { value: colour } },
  inputChips: {
    checks: {
      value: (value, props) => {
        if (!isTexts(value)) return 'the value of chips is a list of texts';
        if (new Set(value).size < value.length) return 'each chip has another text';
        return (
          unchangeable(props) ?? value.map((each) => tooLong('text of a chip', each, props.maxlength)).find(Boolean)
        );
      },
    },
  },
  rating: {
    checks: { value: (value, { max }) => (value === null ? undefined : onGrid(value, { min: 1, max, step: 1 })) },
  },
  pagination: { checks: { value: (value, { min, max }) => onGrid(value, { min, max, step: 1 }) } },
  buttonGroup: {},
  dropdownButton: {},
  fab: { texts: ({ text, label }) => [text, label] },
  fabAction: { texts: ({ text, label }) => [text, label] },
  joystick: {
    checks: {
      value: (value) =>
        Array.isArray(value) &&
        value.length === 2 &&
        value.every((part) => typeof part === 'number' && Math.abs(part) <= 1)
          ? undefined
          : 'a joystick sends two numbers from -1 to 1',
    },
  },
  editor: {
    typed: true,
    checks: {
      value: (value, props) => {
        const wrong = text('editor')(value, props);
        return wrong ?? (readRichText(value as string) ? undefined : 'an editor sends HTML of the allow-list');
      },
    },
  },
  form: { checks: { submit: noValue } },
};

type Checked<Props> = (value: Json | undefined, props: Props) => string | undefined;

/* @__NO_SIDE_EFFECTS__ */
function text(kind: string): Checked<{ readonly readonly?: boolean; readonly maxlength?: number }> {
  return (value, props) => {
    if (typeof value !== 'string') return `the value of ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} is text`;
    return unchangeable(props) ?? tooLong(kind, value, props.maxlength);
  };
}

function tooLong(kind: string, value: string, most: number | undefined): string | undefined {
  if (most === undefined || value.length <= most) return undefined;
  return `the ${kind} takes at most ${most} characters, not ${value.length}`;
}

function unchangeable({ readonly }: { readonly readonly?: boolean }): string | undefined {
  return readonly ? 'the field is read-only' : undefined;
}

/* @__NO_SIDE_EFFECTS__ */
function tick(kind: string): Checked<object> {
  return (value) => (typeof value === 'boolean' ? undefined : `the value of a ${kind} is true or false`);
}

function oneOf(value: Json | undefined, { options }: { readonly options: readonly Option[] }): string | undefined {
  return options.some((option) => option.value === value) ? undefined : 'the value is none of the options';
}

function chosen(value: Json | undefined, props: InputKinds['select']): string | undefined {
  const { multiple, additions, clearable } = props;
  const wrong = (one: Json | undefined) => (additions && typeof one === 'string' ? undefined : oneOf(one, props));
  if (props.readonly) return unchangeable(props);
  if (!multiple) return value === null && clearable ? undefined : wrong(value);
  if (!Array.isArray(value)) return 'the value of a multiple select is a list';
  if (new Set(value).size < value.length) return 'an option is chosen once at most';
  return value.map((one) => wrong(one as Json)).find(Boolean);
}

function inRange(value: Json | undefined, { min, max }: NumberRange): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'the value is a number';
  if (min !== undefined && value < min) return `the least value is ${min}, not ${value}`;
  if (max !== undefined && value > max) return `the greatest value is ${max}, not ${value}`;
  return undefined;
}

function onGrid(value: Json | undefined, props: Step): string | undefined {
  const wrong = inRange(value, props);
  if (wrong || props.step <= 0) return wrong;
  const steps = ((value as number) - props.min) / props.step;
  return Math.abs(steps - Math.round(steps)) < 1e-6 ? undefined : `the value moves in steps of ${props.step}`;
}

function ordered([from, to]: readonly Json[], what: string): string | undefined {
  return (from as number) <= (to as number) ? undefined : `the first of the ${what} is the lower one`;
}

/** Returns when a date begins, in milliseconds; undefined for a text that is no date of the calendar. */
function dateAt(text: string): number | undefined {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00Z`) : undefined;
  // Because a Date takes 31 February for 3 March.
  return at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? at.getTime() : undefined;
}

/** Returns a time of the day in milliseconds, with and without its seconds alike; undefined for a text that is none. */
function timeAt(text: string): number | undefined {
  const form = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/;
  return form.test(text) ? Date.parse(`1970-01-01T${text}Z`) : undefined;
}

function moment(
  value: Json | undefined,
  { min, max }: { readonly min?: string; readonly max?: string },
  timeOf: (text: string) => number | undefined,
  like: string,
): string | undefined {
  if (value === '') return undefined;
  const at = typeof value === 'string' ? timeOf(value) : undefined;
  if (at === undefined) return `the value is ${like}`;
  if (min && at < (timeOf(min) ?? at)) return `the first is ${min}, not ${value}`;
  return max && at > (timeOf(max) ?? at) ? `the last is ${max}, not ${value}` : undefined;
}

function colour(value: Json | undefined): string | undefined {
  return typeof value === 'string' && /^#[\da-f]{6}$/i.test(value)
    ? undefined
    : 'the value is a colour such as #1e90ff';
}

function isTexts(value: Json | undefined): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
