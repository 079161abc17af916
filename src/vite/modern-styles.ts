// Takes out of the style sheet what Tailwind and daisyUI add for browsers that the build does not support, and what nothing in
// the sheet uses. They have no option for it.

import { readFileSync } from 'node:fs';
import { normalizePath, type Plugin } from 'vite';
import { stylesOf } from './client-build.ts';
import type { Project } from './project.ts';
import { sourcesOf } from './sources.ts';

/** What each supported browser can do: mix colours, and show a placeholder in a part of the text's colour. */
const supported = [
  /@supports \(color: color-mix\(in lab, red, red\)\) \{/g,
  /@supports \(not \(-webkit-appearance: -apple-pay-button\)\) +or \(contain-intrinsic-size: 1px\) \{/g,
];
/** Where a rule of a class ends, and the next rule is of that class, too. */
const divided = /(?<=(?:^|[{};])\s*(\.[\w-]+) \{[^{}]*;\s*)\}\s*\1 \{/g;
/** A declaration, followed by one of the same property that mixes colours. */
const unmixed = /(?<=[{;}]\s*)([a-z-]+):[^;{}]*;\s*(?=\1:[^;{}]*\bcolor-mix\()/g;
/** The values of registered properties, for browsers that register none. */
const unregistered = /@layer properties \{/g;
/** Names of daisyUI that have lost their first dash, which no browser knows. */
const misspelt = /(?<=[{;}]\s*)webkit-[a-z-]+:[^;{}]*;/g;
/** The animations of daisyUI, which come with each sheet. */
const animations =
  'aura aura-glow aura-glow-after dropdown menu menu-paged-page-in progress radio rating rotator skeleton toast'.split(
    ' ',
  );
/** Properties that Tailwind and daisyUI register. */
const registered = /@property (--(?:tw|aura)-[\w-]+) \{[^{}]*\}/g;
/** Rules of classes that come with another: the colours of a step with `steps`, of which a stepper has one, and `prose` with `btn`. */
const followers = /\.(?:steps \.(step-(?!primary)\w+) +\+|(prose) ) ?[^{}]*\{[^{}]*\}/g;
/** What a checkbox with this class does to the theme. */
const themeController = /:root:has\(input\.theme-controller[^)]*\),\s*/g;
/** The grain of daisyUI, a picture that a sheet may leave out. */
const grain = /background-(?:size: [^;{}]*var\(--noise\)|image: [^;{}]*var\(--fx-noise\))[^;{}]*;/g;
/** A picture within the sheet. */
const picture = /(?<=url\(")data:image\/svg\+xml,[^"]*/g;
/** An icon: a picture that fills its mask, and its lines. */
const icon = / width='24' height='24'>(<\w+)( fill='none' stroke='black'[^>]* stroke-width='2')/;

/** Returns the plugin. It reads what Tailwind has made. */
export function modernStylesPlugin(project: () => Project): Plugin {
  return {
    name: 'edgewise:modern-styles',
    apply: 'build',
    sharedDuringBuild: true,
    applyToEnvironment: ({ name }) => name === 'client',
    transform: {
      filter: { id: /\.css(\?|$)/ },
      handler(code, id) {
        // Another sheet is the author's alone.
        if (normalizePath(id.replace(/\?.*$/, '')) !== normalizePath(stylesOf(project()))) return undefined;
        const sources = sourcesOf(project()).map((file) => readFileSync(file, 'utf8'));
        return { code: modern(code, (name) => sources.some((source) => names(source, name))), map: null };
      },
    },
  };
}

/** Returns true for a source with the name in a line that is no comment. `animation NAME` needs both words in the line. */
function names(source: string, name: string): boolean {
  const words = name.replace('animation ', 'animat.*');
  return new RegExp(`^(?!\\s*(?://|/?\\*)).*(?<![\\w-])${words}(?![\\w-])`, 'm').test(source);
}

/**
 * Returns a style sheet without what the supported browsers or the application have no use for.
 *
 * @param named tells whether the application names a class, or an `animation NAME`.
 */
export function modern(css: string, named: (name: string) => boolean): string {
  const rules = supported
    .reduce((all, head) => replaced(all, head, (inside) => inside), css)
    .replace(divided, '')
    .replace(unmixed, '');
  const own = replaced(rules, unregistered, () => '')
    .replace(misspelt, '')
    .replace(followers, (rule, step?: string, prose?: string) => (named(step ?? prose ?? '') ? rule : ''));
  const themed = named('theme-controller') ? own : own.replace(themeController, '');
  const plain = themed.includes('--fx-noise:') ? themed : themed.replace(grain, '');
  return withoutUnused(plain, named).replace(picture, lean);
}

/** Leaves out animations and registered properties that no declaration names. */
function withoutUnused(css: string, named: (name: string) => boolean): string {
  const free = animations.filter((name) => !named(`animation ${name}`));
  const unused = free.filter((name) => !new RegExp(`:[^;{}]*(?<![\\w-])${name}(?![\\w-])[^;{}]*[;}]`).test(css));
  const animated = unused.reduce(
    (all, name) => replaced(all, new RegExp(`@keyframes ${name} \\{`, 'g'), () => ''),
    css,
  );
  return animated.replace(registered, (rule, name: string) =>
    new RegExp(`${name}(?![\\w-])`).test(animated.replace(rule, '')) ? rule : '',
  );
}

/**
 * Returns the address of a picture in the form that compresses best. A quoted address may hold `<` and `>` as they are, and the
 * lines of an icon may be a matter of the whole picture.
 */
function lean(address: string): string {
  return address.replaceAll(/%3c/gi, '<').replaceAll(/%3e/gi, '>').replace(icon, '$2>$1');
}

/** Replaces each block that begins so by what `fn` makes of its contents. */
function replaced(css: string, head: RegExp, fn: (contents: string) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: text, index } of css.matchAll(head)) {
    const inside = index + text.length;
    const end = endOf(css, inside);
    parts.push(css.slice(from, index), fn(css.slice(inside, end)));
    from = end + 1;
  }
  return [...parts, css.slice(from)].join('');
}

/** Returns the place of the brace that closes the block which is open at `from`. */
function endOf(css: string, from: number): number {
  const tokens = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\*[^]*?\*\/|[{}]/g;
  tokens.lastIndex = from;
  let depth = 1;
  for (let token = tokens.exec(css); token; token = tokens.exec(css)) {
    if (token[0] === '{') depth++;
    else if (token[0] === '}' && --depth === 0) return token.index;
  }
  return css.length;
}
