/** A component of the author's that is shown. */
export interface MountedComponent<Props, Methods> {
  /** Shows changed props. @default nothing happens */
  update?(props: Props): void;
  /** Functions that handlers call by `component.callMethod`. Their results are plain data. @default none */
  readonly methods?: Methods;
  /** Called before the element is removed. @default nothing happens */
  unmount?(): void;
}

/** What a component gets when it is shown. */
export interface ComponentContext<Props, Events> {
  /** The present props. `update` hears of changes. */
  readonly props: Props;
  /** Sends an event to the server, with plain data. */
  send<E extends string & keyof Events>(
    event: E,
    ...value: Events[E] extends undefined ? [] : [value: Events[E]]
  ): void;
}

/** Shows a component in an element that is empty and that nothing else touches. */
export type ComponentMount<Props, Events, Methods> = (
  element: HTMLElement,
  context: ComponentContext<Props, Events>,
) => MountedComponent<Props, Methods>;

/** A component that a client module defines. Its type is what `ui.component` takes. */
export interface ComponentDefinition<Props, Events, Methods> {
  /** The name by which the server shows it. */
  readonly name: string;
  /** Loads its module when a page first shows it. */
  readonly load: () => Promise<{ readonly mount: ComponentMount<Props, Events, Methods> }>;
}

/** The components of the author's client modules, by name. */
export const definitions = new Map<string, ComponentDefinition<never, never, unknown>>();

/**
 * Defines a component that pages show by `ui.component`. Call it in the application's client module. The component's own module is
 * a chunk, which a page loads when it first shows the component.
 *
 * @example
 * // client.ts
 * import { defineComponent } from 'edgewise/client';
 *
 * export const stars = defineComponent<{ count: number }, { chosen: number }, { reset(): void }>(
 *   'stars',
 *   () => import('./stars.ts'), // exports mount(element, { props, send })
 * );
 *
 * @param name by which `ui.component` shows it.
 * @param load loads a module that exports `mount`.
 */
export function defineComponent<Props, Events = object, Methods = object>(
  name: string,
  load: () => Promise<{ readonly mount: ComponentMount<Props, Events, Methods> }>,
): ComponentDefinition<Props, Events, Methods> {
  const definition = { name, load };
  definitions.set(name, definition as ComponentDefinition<never, never, unknown>);
  return definition;
}
