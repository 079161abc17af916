import type { ComponentChildren } from 'preact';
import { safeUrl } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

export function Image({ own, props }: ElementProps<'image'>): ComponentChildren {
  return <img {...own.whole('max-w-full')} src={safeUrl(props.src, true)} alt={props.alt} />;
}
