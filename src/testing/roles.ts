import type { Kind, MirrorNode, Props } from '../protocol/index.ts';

/** The role that assistive technology gives an element of a kind. A kind without a role of its own is not here. */
const roles: { readonly [K in Kind]?: string | ((props: Props) => string | undefined) } = {
  barChart: 'img',
  button: 'button',
  checkbox: 'checkbox',
  circularProgress: 'progressbar',
  confirm: 'alertdialog',
  dialog: 'dialog',
  donut: 'img',
  footer: 'contentinfo',
  form: 'form',
  header: 'banner',
  heading: 'heading',
  image: 'img',
  input: ({ password }) => (password ? undefined : 'textbox'),
  item: 'listitem',
  itemList: 'list',
  knob: 'slider',
  lineChart: 'img',
  link: 'link',
  log: 'log',
  menuItem: 'menuitem',
  number: 'spinbutton',
  progress: 'progressbar',
  prompt: 'alertdialog',
  radio: 'radiogroup',
  scrollArea: ({ label }) => (label === undefined ? undefined : 'region'),
  select: ({ multiple }) => (multiple ? 'listbox' : 'combobox'),
  separator: 'separator',
  slider: 'slider',
  sparkline: 'img',
  spinner: 'status',
  switch: 'switch',
  table: 'table',
  tabs: 'tablist',
  textarea: 'textbox',
  tooltip: 'tooltip',
  tree: 'tree',
};

/** Returns the role of an element: the author's own, or that of its kind. */
export function roleOf({ kind, props }: MirrorNode): string | undefined {
  const own = (props.attrs as { readonly role?: unknown } | undefined)?.role;
  if (typeof own === 'string') return own;
  const role = roles[kind as Kind];
  return typeof role === 'function' ? role(props) : role;
}

/** Returns the kinds that have a role. */
export function kindsWithRoles(): Kind[] {
  return Object.keys(roles) as Kind[];
}
