import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** Whole class names, because Tailwind finds them by reading this file. */
const colors: Record<string, string> = {
  primary: 'btn-primary',
  secondary: 'btn-secondary',
  accent: 'btn-accent',
  neutral: 'btn-neutral',
  info: 'btn-info',
  success: 'btn-success',
  positive: 'btn-success',
  warning: 'btn-warning',
  error: 'btn-error',
  negative: 'btn-error',
  ghost: 'btn-ghost',
  link: 'btn-link',
  plain: '',
};

export function Button({ props, own }: ElementProps<'button'>): ComponentChildren {
  return (
    <button type="button" {...own.inner} {...own.outer(`btn ${colors[props.color ?? 'primary'] ?? ''}`)}>
      {props.icon && <span aria-hidden="true">{props.icon}</span>}
      {props.text || null}
    </button>
  );
}
