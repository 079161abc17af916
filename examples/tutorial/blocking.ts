import { ui } from 'edgewise';

/** Shows a mistake: a loop in a handler blocks the session, which serves every tab of this visitor. */
export function blocking() {
  ui.label('Click the button to start a slow task.');
  ui.button('Start Blocking Task', slowTask);
  ui.label("I should update immediately after clicking, but I won't.");
}

// An object runs one thing at a time. During this loop the session handles no click, sends no patch and answers
// no other tab. Nothing can interrupt the loop. The page `cpu` shows the same work done right.
function slowTask() {
  console.log('Starting slow task...');
  const end = Date.now() + 5_000;
  let sum = 0;
  // The rounds have a limit too, because in production the clock stands still while code computes.
  for (let round = 0; round < 20_000 && Date.now() < end; round++) {
    for (let i = 0; i < 1_000_000; i++) sum += i % 10;
  }
  console.log('Slow task finished.', sum);
}
