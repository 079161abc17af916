import type { Json, MirrorNode } from '../../src/protocol/index.ts';
import { takesFocus } from '../dom/index.ts';
import { loaded } from './loaded.ts';
import { act } from './page/actions.ts';
import type { ComponentRegistry } from './registry.ts';
import type { ComponentMethods } from './types.ts';

/** A shown node, and the methods of its component once that is mounted. */
interface Callee {
  readonly node: MirrorNode;
  readonly registry: ComponentRegistry;
  readonly methods: { readonly current?: ComponentMethods };
}

/** The methods of every element, beside those of its component. */
const common: { readonly [method: string]: (element: HTMLElement, ...args: readonly Json[]) => void } = {
  focus: (element) => focusable(element)?.focus(),
  select(element) {
    const field = focusable(element);
    field?.focus();
    (field as Partial<HTMLInputElement> | null)?.select?.();
  },
  scrollIntoView(element, smooth) {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    element.scrollIntoView({ block: 'nearest', behavior: smooth && !calm ? 'smooth' : 'instant' });
  },
};

/** Calls a method of an element after earlier changes are shown. It waits for a component that is loading. */
export async function callMethod(
  { node, registry, methods }: Callee,
  name: string,
  args: readonly Json[],
  begins: () => boolean = () => true,
): Promise<unknown> {
  if (node.kind === 'root') return begins() ? act(name, args) : undefined;
  await loaded(registry, node.kind);
  // Preact shows what has changed in a microtask of its own.
  await Promise.resolve();
  if (!begins()) return undefined;
  const own = methods.current;
  if (own && Object.hasOwn(own, name)) return own[name]?.(...(args as never[]));
  if (!Object.hasOwn(common, name)) return undefined;
  const id = document.getElementById(`e${node.id}`);
  const element = id ?? document.querySelector<HTMLElement>(`[data-id="${node.id}"]`);
  return element ? common[name]?.(element, ...args) : undefined;
}

/** Returns the element, or the first thing in it, that takes the focus. */
function focusable(element: HTMLElement): HTMLElement | null {
  return element.matches(takesFocus) ? element : element.querySelector<HTMLElement>(takesFocus);
}
