import type { JsonObject } from '../../protocol/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** A key that a person pressed or released. */
export interface KeyEvent {
  /** What the key means, such as `a`, `A`, `Enter`, `ArrowUp`. */
  readonly key: string;
  /** Which key of the board it is, whatever its meaning, such as `KeyA`. */
  readonly code: string;
  /** Whether the key was pressed or released. */
  readonly action: 'keydown' | 'keyup';
  /** True while the key is held and repeats. */
  readonly repeat: boolean;
  /** True while Alt is held. */
  readonly alt: boolean;
  /** True while Control is held. */
  readonly ctrl: boolean;
  /** True while Meta (⌘ or ⊞) is held. */
  readonly meta: boolean;
  /** True while Shift is held. */
  readonly shift: boolean;
}

/** Options of `ui.keyboard`. */
export interface KeyboardOptions extends ElementOptions {
  /** False sends a held key once only. @default true */
  readonly repeating?: boolean;
  /** Kinds of fields in which the person types, so that their keys are not sent. @default all of them */
  readonly ignore?: readonly ('input' | 'select' | 'button' | 'textarea')[];
  /** Keys to send, such as `['ArrowLeft', 'ArrowRight']`. Their other effects in the browser are prevented. @default all keys */
  readonly keys?: readonly string[];
  /** True also sends the release of keys. @default false */
  readonly keyup?: boolean;
}

/** A listener to the keys of the whole page. `enabled = false` stops it. */
export class Keyboard extends Element {
  /** @internal */
  constructor(onKey: (event: KeyEvent) => unknown, options: KeyboardOptions = {}) {
    const { repeating, ignore, keys, keyup } = options;
    const props = own<'keyboard'>({
      ...(repeating === false && { repeating }),
      ...(ignore && { ignore }),
      ...(keys && { keys }),
      ...(keyup && { keyup }),
    });
    super('keyboard', props, options);
    this.listen('key', ({ value }) => onKey(keyEvent(value as JsonObject)), 'parallel', onKey);
  }
}

function keyEvent(value: JsonObject): KeyEvent {
  const held = String(value.held ?? '');
  return {
    key: String(value.key),
    code: String(value.code),
    action: value.up ? 'keyup' : 'keydown',
    repeat: value.repeat === true,
    alt: held.includes('a'),
    ctrl: held.includes('c'),
    meta: held.includes('m'),
    shift: held.includes('s'),
  };
}

/**
 * Calls a function for each key that a person presses anywhere in the page. Do not take keys that assistive technology or the
 * browser uses; name those that you want in `keys`.
 *
 * @example
 * ui.keyboard(({ key }) => move(key), { keys: ['ArrowLeft', 'ArrowRight'] });
 */
export function keyboard(onKey: (event: KeyEvent) => unknown, options?: KeyboardOptions): Keyboard {
  return new Keyboard(onKey, options);
}
