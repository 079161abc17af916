export { languages } from '@codemirror/language-data';
export { Compartment, EditorState } from '@codemirror/state';
export { oneDark } from '@codemirror/theme-one-dark';
export { basicSetup, EditorView } from 'codemirror';
export const missing: string | undefined = undefined;
