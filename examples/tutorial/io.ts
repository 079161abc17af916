import { run, ui } from 'edgewise';

/** Shows that waiting is free: the session handles all other events while the handler awaits. */
export function io() {
  ui.label('Click the button to start an async task.');
  ui.button('Start Async Task', slowTask);
  ui.label('I should update immediately after clicking, and I will!');
}

async function slowTask() {
  console.log('Starting async task');
  await run.ioBound(wait, 5_000);
  console.log('Async task finished');
}

function wait(ms: number) {
  return new Promise<void>((resolve) => setTimeout(resolve, ms));
}
