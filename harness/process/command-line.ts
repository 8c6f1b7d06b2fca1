import { usageError } from '../core/errors.js';

/** Characters that only a shell gives a meaning to; unquoted ones are a sign that a shell was expected. */
const SHELL_ONLY = /[|&;<>()`$*?]/;

/**
 * Splits a command line into words the way a POSIX shell does for plain words: blanks separate, single quotes
 * keep everything, double quotes keep blanks, a backslash takes the next character literally.
 *
 * Nothing is expanded and no shell is started, so that signals reach the server itself. Throws `usage` for an
 * empty line, an open quote, and unquoted characters that ask for a shell.
 */
export function splitCommandLine(text: string, flag: string): [string, ...string[]] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote !== null && char === quote) {
      quote = null;
    } else if (quote === "'") {
      word += char;
    } else if (char === '\\' && at + 1 < text.length) {
      word = (word ?? '') + (text[++at] as string);
    } else if (quote === '"') {
      word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (SHELL_ONLY.test(char)) {
      throw usageError(
        `${flag} is started without a shell, and '${char}' in "${text}" needs one: quote it, or write sh -c '…'`,
      );
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== null) throw usageError(`${flag} "${text}" has an open ${quote}: close it`);
  if (word !== null) words.push(word);
  const [file, ...args] = words;
  if (file === undefined || file === '') throw usageError(`${flag} is empty: name the program to start`);
  return [file, ...args];
}
