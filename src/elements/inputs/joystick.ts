import { type ElementOptions, own, ValueElement } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Where a joystick points, in shares of its way from -1 to 1. */
export interface StickPosition {
  /** The way to the right, from 0 to 1; negative to the left. */
  readonly x: number;
  /** The way upwards, from 0 to 1; negative downwards. */
  readonly y: number;
}

/** Options of `ui.joystick`. */
export interface JoystickOptions extends ElementOptions, Pick<LookOptions, 'color' | 'size'> {
  /** Names the joystick for assistive technology. @default 'Joystick' */
  readonly label?: string;
  /** Called when a person moves the stick away from its centre. @default none */
  readonly onStart?: () => unknown;
  /** Called with each position, at most every 50 milliseconds; the last one always arrives. @default none */
  readonly onMove?: (position: StickPosition) => unknown;
  /** Called when the stick is back in its centre. @default none */
  readonly onEnd?: () => unknown;
}

/** A stick that a person holds in a direction. Its `value` is the pair of `x` and `y`. */
export class Joystick extends ValueElement<[number, number]> {
  /** @internal */
  constructor(options: JoystickOptions = {}) {
    const { label = 'Joystick', onStart, onMove, onEnd } = options;
    super('joystick', own<'joystick'>({ label, value: [0, 0] }), [0, 0], options);
    let held = isAway(this.value);
    const moved = ({ value }: { readonly value: [number, number] }) => {
      const before = held;
      held = isAway(value);
      if (held && !before) onStart?.();
      const [x, y] = value;
      const moves = onMove?.({ x, y });
      if (!held && before) onEnd?.();
      return moves;
    };
    this.onChange(moved);
  }
}

function isAway([x, y]: readonly [number, number]): boolean {
  return x !== 0 || y !== 0;
}

/**
 * Shows a joystick. A person drags its stick, or holds arrow keys; released, it springs back to its centre.
 *
 * @example
 * ui.joystick({ onMove: ({ x, y }) => drive(x, y), onEnd: stop });
 */
export function joystick(options?: JoystickOptions): Joystick {
  return new Joystick(options);
}
