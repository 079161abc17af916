import { type PageContext, shared, storage, ui } from 'edgewise';

interface Todo {
  readonly id: string;
  readonly text: string;
  readonly who: string;
  readonly done: boolean;
}

// The team's list. What several people add, change and move at the same time is all there.
const todos = shared.list<Todo>('board.todos', [], 'id');

const mostTodos = 500; // every page draws them all

const filters = { all: 'All', open: 'Open', done: 'Done', mine: 'Mine' };

/** A board for a team: everybody sees the same list; the filter belongs to the visitor. */
export function board({ user }: PageContext) {
  const name = storage.user('board.name', '');
  const filter = storage.user<keyof typeof filters>('board.filter', 'all');
  const draft = ui.state('');
  const editing = ui.state(''); // the item whose text is a field
  const who = () => user?.split('@')[0] ?? name.value.trim();
  const open = () => todos.items.filter(({ done }) => !done).length;

  // Without sign-in, as in the gallery, everybody says a name.
  if (user === undefined) ui.input('Your name', { value: name, maxLength: 40, icon: 'person' });
  ui.row(() => {
    ui.input('What is to be done?', { value: draft, maxLength: 200, onEnter: add }).classes('grow');
    ui.button('Add', add, { icon: 'add', color: 'primary' }).enable(() => draft.value.trim() !== '' && who() !== '');
  }).classes('w-full flex-nowrap items-end');
  ui.row(() => {
    ui.toggle(filters, { label: 'Show', value: filter, size: 'sm' });
    ui.space();
    ui.label(() => `${open()} open of ${todos.size}`).classes('text-sm tabular-nums opacity-70');
  }).classes('w-full items-center');

  ui.sortable(todos, item, { label: 'To do', name: ({ text }) => text, filter: shows });
  ui.column(() => {
    ui.icon('task_alt', { size: 'xl' }).classes('opacity-40');
    ui.label(() =>
      todos.size === 0 ? 'Nothing to do. Add the first thing.' : 'Nothing here. Another filter shows more.',
    );
  })
    .classes('w-full items-center py-8 opacity-70')
    .show(() => !todos.items.some(shows));

  function shows(todo: Todo): boolean {
    if (filter.value === 'mine') return todo.who === who();
    return filter.value === 'all' || todo.done === (filter.value === 'done');
  }

  function item({ id, text, who, done }: Todo) {
    ui.checkbox('', { value: done, onChange: (now) => todos.update(id, { done: now }) }).props({
      'aria-label': `Done: ${text}`,
    });
    ui.show(
      () => editing.value === id,
      () => field(id, text),
      () =>
        ui
          .button(text, () => (editing.value = id), { variant: 'ghost', label: `Edit ${text}` })
          .classes(
            `h-auto min-h-8 min-w-0 shrink grow justify-start text-left font-normal px-1 break-words whitespace-normal ${done ? 'line-through opacity-60' : ''}`,
          ),
    );
    ui.badge(who, { variant: 'soft' }).classes('max-sm:hidden');
    ui.button('', () => todos.remove(id), {
      icon: 'delete',
      label: `Delete ${text}`,
      variant: 'ghost',
      size: 'sm',
      round: true,
    });
  }

  /** Enter and leaving the field save; Escape does not. */
  function field(id: string, text: string) {
    const changed = ui.state(text);
    const save = () => {
      if (editing.value !== id) return;
      editing.value = '';
      if (changed.value.trim() !== '') todos.update(id, { text: changed.value.trim() });
    };
    ui.input('', { value: changed, maxLength: 200, onEnter: save })
      .classes('grow')
      .props({ autofocus: true, 'aria-label': 'Text' })
      .on('keydown.escape', () => (editing.value = ''))
      .on('blur', save);
  }

  function add() {
    const text = draft.value.trim();
    if (text === '' || who() === '') return;
    if (todos.size >= mostTodos) {
      ui.notify(`The board is full: it has ${mostTodos} things. Delete one first.`, { type: 'warning' });
      return;
    }
    draft.value = '';
    todos.add({ id: `${ui.now()}-${ui.random()}`, text, who: who(), done: false }, 0);
  }
}
