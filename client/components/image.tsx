import type { ComponentChildren } from 'preact';
import { safeUrl } from '../hooks/index.ts';
import type { Shown } from './shown.ts';

export function Image({ own, props }: Shown<'image'>): ComponentChildren {
  return <img {...own.whole('max-w-full')} src={safeUrl(props.src, true)} alt={props.alt} />;
}
