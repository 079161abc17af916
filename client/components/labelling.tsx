import type { ComponentChildren } from 'preact';
import type { Labelled, MirrorNode } from '../../src/protocol/index.ts';
import type { Attributes } from '../dom/index.ts';

/** Returns the attributes that connect a control with its label and its message. */
export function labelling({ id }: MirrorNode, props: Labelled & { readonly placeholder?: string }): Attributes {
  const { label, placeholder, error, hint } = props;
  return {
    id: `e${id}`,
    'aria-label': label ? undefined : placeholder,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': error || hint ? `e${id}-m` : undefined,
  };
}

/** Returns the message of a control, with room for it when rules may have one. */
export function message({ id }: MirrorNode, { error, hint }: Labelled): ComponentChildren {
  if (error === undefined && !hint) return null;
  return (
    <p id={`e${id}-m`} class={error ? 'edgewise-message edgewise-wrong' : 'edgewise-message'} aria-live="polite">
      {error || hint || null}
    </p>
  );
}
