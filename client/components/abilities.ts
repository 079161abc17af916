import type { NodeLiteral, Props } from '../../src/protocol/index.ts';
import { isModified, type Modifiers, type safeAttributes } from '../dom/index.ts';
import { type Edits, twoWayProps } from '../tree/index.ts';
import type { callMethod } from './methods.ts';

/** What the client can do beside showing components. As a component, each is a chunk that comes when a node first needs it. */
export interface Abilities {
  /** Attributes of an author's. */
  readonly '+attributes': typeof safeAttributes;
  /** Events with modifiers or options. */
  readonly '+modifiers': typeof Modifiers;
  /** Calls of methods by the session. */
  readonly '+methods': typeof callMethod;
  /** Values that a person changes. */
  readonly '+edits': typeof Edits;
}

/** Returns the names of what a node needs beside its component. */
export function needsOf(kind: string, { attrs, on }: Props): (keyof Abilities)[] {
  const needs: (keyof Abilities)[] = [];
  if (attrs) needs.push('+attributes');
  if (on && Object.entries(on).some(([name, spec]) => isModified(name, spec))) needs.push('+modifiers');
  if (twoWayProps(kind).length > 0) needs.push('+edits');
  return needs;
}

/** Returns the names of all parts of the client that a tree needs: kinds and abilities. */
export function partsOf([, kind, props, children = []]: NodeLiteral, into = new Set<string>()): Set<string> {
  into.add(kind);
  for (const name of needsOf(kind, props as Props)) into.add(name);
  for (const child of children) partsOf(child, into);
  return into;
}
