import type { ComponentChild, ComponentChildren } from 'preact';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** Tabs in a row, or below each other. The children, if any, are the panels in the same order. Arrow keys move between tabs. */
export function Tabs({ node, own, props, replica, children }: ElementProps<'tabs'>): ComponentChildren {
  const { tabs, value, vertical } = props;
  const id = `e${node.id}`;
  const chosen = tabs.findIndex((tab) => tab.value === value);
  const panels = children;

  function choose(index: number, focus: boolean): void {
    const tab = tabs[index];
    if (!tab) return;
    if (tab.value !== node.props.value) replica.emit(node, 'value', tab.value);
    if (focus) document.getElementById(`${id}-t${index}`)?.focus();
  }

  function pressed(event: KeyboardEvent): void {
    const last = tabs.length - 1;
    const at = Math.max(
      0,
      tabs.findIndex((tab) => tab.value === node.props.value),
    );
    const goals: Record<string, number> = {
      [vertical ? 'ArrowDown' : 'ArrowRight']: at === last ? 0 : at + 1,
      [vertical ? 'ArrowUp' : 'ArrowLeft']: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const goal = goals[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    choose(goal, true);
  }

  return (
    <div {...own.whole(vertical ? 'edgewise-tabs edgewise-tabs-vertical' : 'edgewise-tabs')}>
      <div
        role="tablist"
        class="tabs tabs-border"
        aria-orientation={vertical ? 'vertical' : undefined}
        onKeyDown={pressed}
      >
        {tabs.map((tab, index) => (
          <button
            type="button"
            role="tab"
            key={tab.value}
            id={`${id}-t${index}`}
            class={index === chosen ? 'tab tab-active' : 'tab'}
            aria-selected={index === chosen ? 'true' : 'false'}
            aria-controls={panels[index] ? `${id}-p${index}` : undefined}
            tabIndex={index === Math.max(0, chosen) ? 0 : -1}
            onClick={() => choose(index, false)}
          >
            {icon(tab.icon)}
            {tab.text || null}
          </button>
        ))}
      </div>
      {panels.map((panel, index) => (
        <div
          role="tabpanel"
          key={keyOf(panel, index)}
          id={`${id}-p${index}`}
          aria-labelledby={`${id}-t${index}`}
          hidden={index !== chosen}
        >
          {panel}
        </div>
      ))}
    </div>
  );
}

/** Panels move with their nodes. */
function keyOf(panel: ComponentChild, index: number): string | number {
  return typeof panel === 'object' && panel !== null && 'key' in panel ? String(panel.key) : index;
}
