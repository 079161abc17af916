import type { ComponentChildren } from 'preact';
import { markup } from '../markup.tsx';
import type { ElementProps } from '../types.ts';

export function MarkdownBlock({ props, own }: ElementProps<'markdownBlock'>): ComponentChildren {
  return <div {...own.whole()}>{markup(props.content)}</div>;
}
