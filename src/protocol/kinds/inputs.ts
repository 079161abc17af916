import type { Rules, Traits } from './kind.ts';

/** Elements that a person clicks, ticks, chooses or types into. */
export interface InputKinds {
  button: { readonly text: string; readonly color?: string; readonly icon?: string };
  /** Sends `value` with the text, unless it is `readonly`, and at most `maxlength` characters. */
  input: {
    readonly label?: string;
    readonly value: string;
    readonly placeholder?: string;
    readonly type?: 'text' | 'password' | 'email' | 'url' | 'search' | 'tel';
    readonly maxlength?: number;
    readonly readonly?: boolean;
  };
  /** Sends `value` with true or false. */
  checkbox: { readonly text: string; readonly value: boolean };
  /** Sends `value` with the value of one of the options. */
  select: {
    readonly label?: string;
    readonly options: readonly { readonly value: string; readonly text: string }[];
    readonly value: string;
  };
}

export const inputRules: Rules<InputKinds> = {
  input: { writes: ['value'] },
  checkbox: { writes: ['value'] },
  select: { writes: ['value'] },
};

export const inputTraits: Traits<InputKinds> = {
  button: { core: true },
  input: {
    core: true,
    typed: true,
    checks: {
      value: (value, { readonly, maxlength }) => {
        if (typeof value !== 'string') return 'the value of an input is text';
        if (readonly) return 'the input is read-only';
        if (maxlength !== undefined && value.length > maxlength) {
          return `the input takes at most ${maxlength} characters, not ${value.length}`;
        }
        return undefined;
      },
    },
  },
  checkbox: {
    click: ({ value }) => ['value', !value],
    checks: { value: (value) => (typeof value === 'boolean' ? undefined : 'the value of a checkbox is true or false') },
  },
  select: {
    choices: ({ options }) => options,
    checks: {
      value: (value, { options }) =>
        options.some((option) => option.value === value) ? undefined : 'the value is none of the options',
    },
  },
};
