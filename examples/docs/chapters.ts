// The chapters of the guide, in their order: the files of docs/guide.
import components from '../../docs/guide/components.md?raw';
import deploying from '../../docs/guide/deploying.md?raw';
import elements from '../../docs/guide/elements.md?raw';
import events from '../../docs/guide/events.md?raw';
import files from '../../docs/guide/files.md?raw';
import firstSteps from '../../docs/guide/first-steps.md?raw';
import forms from '../../docs/guide/forms.md?raw';
import fromNicegui from '../../docs/guide/from-nicegui.md?raw';
import handlers from '../../docs/guide/handlers.md?raw';
import limits from '../../docs/guide/limits.md?raw';
import navigation from '../../docs/guide/navigation.md?raw';
import pages from '../../docs/guide/pages.md?raw';
import shared from '../../docs/guide/shared.md?raw';
import state from '../../docs/guide/state.md?raw';
import tasks from '../../docs/guide/tasks.md?raw';
import testing from '../../docs/guide/testing.md?raw';

/** A chapter of the guide. */
export interface Chapter {
  /** Its first heading. */
  readonly title: string;
  /** Its address in the gallery. */
  readonly path: string;
  /** Its Markdown, with the first heading. */
  readonly text: string;
}

/** All chapters, for whoever lists, searches or links them. */
export const chapters: readonly Chapter[] = [
  chapter('first-steps', firstSteps),
  chapter('pages', pages),
  chapter('elements', elements),
  chapter('state', state),
  chapter('events', events),
  chapter('forms', forms),
  chapter('tasks', tasks),
  chapter('handlers', handlers),
  chapter('shared', shared),
  chapter('files', files),
  chapter('navigation', navigation),
  chapter('components', components),
  chapter('testing', testing),
  chapter('deploying', deploying),
  chapter('from-nicegui', fromNicegui),
  chapter('limits', limits),
];

function chapter(name: string, text: string): Chapter {
  return { title: /^# (.+)/.exec(text)?.[1] ?? name, path: `/docs/${name}`, text };
}
