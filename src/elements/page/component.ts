import type { Json, JsonObject } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { callInBrowser } from '../call.ts';
import { Element, type ElementOptions, isReactive, own, type UiEvent } from '../element.ts';
import { firstOf } from '../first.ts';

/** Options of `ui.component`. */
export interface ComponentOptions<Events> extends ElementOptions {
  /** What the component is for, for those who cannot see it. @default its name */
  readonly label?: string;
  /** Handlers of the events that the component sends. An event without a handler is refused. @default none */
  readonly on?: { readonly [E in keyof Events]?: (event: UiEvent & { readonly value: Events[E] }) => unknown };
  /**
   * Checks of the values of events, because a stranger can send anything: each returns the reason why a value does not fit, or
   * undefined. An event without a check carries no value.
   *
   * @default none
   */
  readonly checks?: { readonly [E in keyof Events]?: (value: unknown) => string | undefined };
  /** Makes what is shown inside until the component is there, also without a script. @default nothing */
  readonly build?: () => void;
}

/** A component of the author's own client module. */
export class CustomComponent<Props = JsonObject, Events = object, Methods = object> extends Element {
  constructor(name: string, props: MaybeReactive<Props>, options: ComponentOptions<Events> = {}) {
    const { label = name, on = {}, checks = {}, build } = options;
    const given = firstOf(props, {} as Props) as Json;
    super(
      'component',
      own<'component'>({ name, label, given: given as JsonObject, events: Object.keys(on) }),
      options,
      label,
    );
    if (isReactive(props)) this.given = props;
    const handlers = Object.values(on) as ((event: UiEvent & { readonly value: never }) => unknown)[];
    this.listen(
      'said',
      (said) => {
        const { event, value } = said.value as { readonly event: keyof Events & string; readonly value?: Json };
        const check = (checks as Partial<Record<string, (value: unknown) => string | undefined>>)[event] ?? noValue;
        const wrong = check(value);
        const handle = (on as Partial<Record<string, (event: unknown) => unknown>>)[event];
        if (wrong === undefined) return handle?.({ ...said, type: event, value });
        console.warn(`ui.component('${name}') has refused the event ${event}: ${wrong}.`);
        return undefined;
      },
      'parallel',
      handlers[0] as never,
    );
    if (build) this.add(build);
  }

  /** The props. Assign others, a signal or a function. */
  get given(): Props {
    return this.get<Json>('given') as unknown as Props;
  }

  set given(props: MaybeReactive<Props>) {
    this.bind('given', props);
  }

  /**
   * Calls a method of the component, and waits in a handler for its result.
   *
   * @example
   * const strokes = await pad.callMethod('strokes');
   *
   * @throws {Error} (rejects) when the method throws.
   * @throws {TimeoutError} (rejects) when no browser answers within 30 seconds.
   */
  callMethod<M extends string & keyof Methods>(
    method: M,
    ...args: Methods[M] extends (...args: infer A) => unknown ? A : never
  ): Promise<Methods[M] extends (...args: never[]) => infer R ? Awaited<R> : never> {
    return callInBrowser(method, args as readonly Json[], {}, this.node);
  }
}

function noValue(value: unknown): string | undefined {
  return value === undefined ? undefined : 'it has no check, so it carries no value';
}

/**
 * Shows a component that the application's client module defines by `defineComponent`.
 *
 * @example
 * const rating = ui.component<{ count: number }, { chosen: number }, { reset(): void }>('stars', { count: 5 }, {
 *   on: { chosen: ({ value }) => ui.notify(`Stars: ${value}`) },
 *   checks: { chosen: (value) => (Number.isInteger(value) ? undefined : 'the choice is a whole number') },
 *   build: () => ui.label('5 stars'),
 * });
 * ui.button('Reset', () => rating.callMethod('reset'));
 *
 * @param name by which `defineComponent` has defined it.
 * @param props plain data; also a signal or a function.
 */
export function component<Props = JsonObject, Events = object, Methods = object>(
  name: string,
  props: MaybeReactive<Props>,
  options?: ComponentOptions<Events>,
): CustomComponent<Props, Events, Methods> {
  return new CustomComponent(name, props, options);
}
