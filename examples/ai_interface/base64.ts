import type { FileRef } from 'edgewise';

export async function base64(file: FileRef): Promise<string> {
  const bytes = await file.bytes();
  let text = '';
  // In parts, because a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
