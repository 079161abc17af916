import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';
import { Question } from './question.tsx';

export function Confirm({ node, props, own, replica }: ElementProps<'confirm'>): ComponentChildren {
  const { text, ok, cancel, danger } = props;
  return (
    <Question
      own={own}
      text={text}
      ok={ok}
      cancel={cancel}
      danger={danger}
      onAnswer={(answer) => replica.emit(node, 'answer', answer)}
    />
  );
}
