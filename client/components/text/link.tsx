import type { ComponentChildren } from 'preact';
import { safeUrl } from '../../../src/protocol/index.ts';
import type { ElementProps } from '../types.ts';

export function Link({ props, own }: ElementProps<'link'>): ComponentChildren {
  const { text, href, target, current } = props;
  const rest = {
    href: safeUrl(href),
    target,
    rel: target && 'noopener',
    'aria-current': current ? ('page' as const) : undefined,
  };
  return (
    <a {...own.whole('edgewise-link')} {...rest}>
      {text || null}
    </a>
  );
}
