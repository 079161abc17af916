import type { ComponentChildren } from 'preact';
import { look } from '../../dom/index.ts';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

export function FabAction({ props, own }: ElementProps<'fabAction'>): ComponentChildren {
  const { text, label, stays, icon: name } = props;
  return (
    <button
      type="button"
      aria-label={label ?? (text ? undefined : name?.replaceAll('-', ' '))}
      data-stays={stays ? '' : undefined}
      {...own.inner}
      {...own.outer(`${look('btn', { color: 'primary', ...props, round: true })} shadow-md`)}
    >
      {icon(name)}
      {text || null}
    </button>
  );
}
