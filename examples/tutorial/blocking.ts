import { ui } from 'edgewise';

/** How not to do it: what computes in a handler computes in the session, and the session serves every tab of this visitor. */
export function blocking() {
  ui.label('Click the button to start a slow task.');
  ui.button('Start Blocking Task', slowTask);
  ui.label("I should update immediately after clicking, but I won't.");
}

// An object runs one thing at a time. While this loop turns, no click is handled, no patch leaves and no other tab of the
// session gets an answer; nothing can interrupt it either. The page `cpu` shows the same work done right.
function slowTask() {
  console.log('Starting slow task...');
  const end = Date.now() + 5_000;
  let sum = 0;
  // In production the clock stands still while code computes, so the rounds are bounded as well.
  for (let round = 0; round < 20_000 && Date.now() < end; round++) {
    for (let i = 0; i < 1_000_000; i++) sum += i % 10;
  }
  console.log('Slow task finished.', sum);
}
