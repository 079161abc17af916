import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** Percent that an arrow key moves the line. */
const step = 5;

/** The window splitter pattern of the WAI: a separator that takes the focus and has a value. */
export function Splitter({ node, own, props, replica, children }: ElementProps<'splitter'>): ComponentChildren {
  const { value, min, max, horizontal, name } = props;
  const [before, after] = children;
  const { style, ...outer } = own.whole(horizontal ? 'edgewise-splitter edgewise-splitter-down' : 'edgewise-splitter');

  function move(to: number): void {
    const next = Math.round(Math.min(max, Math.max(min, to)) * 10) / 10;
    if (next !== node.props.value) replica.move(node, 'value', next);
  }

  function dragged(event: PointerEvent): void {
    const line = event.currentTarget as HTMLElement;
    const around = line.parentElement?.getBoundingClientRect();
    if (!around || !line.hasPointerCapture(event.pointerId)) return;
    const part = horizontal ? event.clientY - around.top : event.clientX - around.left;
    move((part / (horizontal ? around.height : around.width)) * 100);
  }

  function pressed(event: KeyboardEvent): void {
    const now = node.props.value as number;
    const goals: Record<string, number> = {
      [horizontal ? 'ArrowDown' : 'ArrowRight']: now + step,
      [horizontal ? 'ArrowUp' : 'ArrowLeft']: now - step,
      Home: min,
      End: max,
    };
    const goal = goals[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    move(goal);
  }

  return (
    <div {...outer} style={`--split:${value}%;${style ?? ''}`}>
      <div id={`e${node.id}-b`}>{before}</div>
      <div
        role="separator"
        tabIndex={0}
        aria-label={name}
        aria-orientation={horizontal ? 'horizontal' : 'vertical'}
        aria-controls={`e${node.id}-b`}
        aria-valuenow={value}
        aria-valuemin={min}
        aria-valuemax={max}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={dragged}
        onKeyDown={pressed}
      />
      <div>{after}</div>
    </div>
  );
}
