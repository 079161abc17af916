import { ui } from '../../src/elements/index.ts';

/** Shows `what` with the last error beside it. Returns what makes a button, whose action may throw or reject. */
export function attempts(what: () => unknown): (name: string, act: () => unknown) => void {
  const said = ui.state('', 'said');
  ui.label(() => `${what()} ${said.value}`);
  return (name, act) => {
    ui.button(name, async () => {
      try {
        await act();
      } catch (error) {
        said.value = String(error);
      }
    });
  };
}
