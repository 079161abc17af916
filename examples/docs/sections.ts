/** A heading of the second level, and what stands below it. The first section of a chapter is its lead, without a title. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/** A piece of a section: prose, or a block of code. */
export type Part = { readonly markdown: string } | { readonly code: string; readonly language: string };

/** Returns the sections of a chapter, without its own heading. */
export function sectionsOf(text: string): readonly Section[] {
  // A line of code that begins with ## would need a fence that this does not look for; no chapter has one.
  const [lead = '', ...rest] = text.replace(/^# .+\n/, '').split(/^## /m);
  return [
    { title: '', text: lead },
    ...rest.map((section) => {
      const end = section.indexOf('\n');
      return { title: section.slice(0, end), text: section.slice(end) };
    }),
  ];
}

/** Returns a section as prose and code in turn; links between chapters lead to their pages. */
export function partsOf(text: string): readonly Part[] {
  return text
    .split(/^(```[^]*?^```)$/m)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [, language, code] = /^```(\w*)[^\n]*\n([^]*)```$/.exec(part) ?? [];
      return code === undefined ? { markdown: linked(part) } : { code, language: language || 'text' };
    });
}

/** Leads links to other chapters to their pages. What is not in the gallery is only named. */
function linked(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (link, name: string, to: string) => {
    if (/^(https?:|#|\/)/.test(to)) return link;
    const [, chapter, place = ''] = /^([\w-]+)\.md(#.*)?$/.exec(to) ?? [];
    return chapter === undefined ? name : `[${name}](/docs/${chapter}${place})`;
  });
}

/** Returns the name by which links lead to a heading, as GitHub makes it. */
export function nameOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}
