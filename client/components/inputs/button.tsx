import type { ComponentChildren } from 'preact';
import { look } from '../../dom/index.ts';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

export function Button({ props, own }: ElementProps<'button'>): ComponentChildren {
  const { text, label, submit, icon: before, iconEnd, loading } = props;
  // Buttons that do not stand out have the colour of the text around them.
  const color = props.variant === 'ghost' || props.variant === 'link' ? {} : { color: 'primary' as const };
  const named = { 'aria-label': label ?? (text ? undefined : before?.replaceAll('-', ' ')) };
  return (
    <button
      type={submit ? 'submit' : 'button'}
      {...named}
      {...own.inner}
      {...own.outer(look('btn', { ...color, ...props }))}
    >
      {loading ? <span aria-hidden="true" class="loading loading-spinner" /> : icon(before)}
      {text || null}
      {icon(iconEnd)}
    </button>
  );
}
