/** Selects what takes the focus. */
export const takesFocus =
  'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [contenteditable="true"], [tabindex]:not([tabindex="-1"])';
