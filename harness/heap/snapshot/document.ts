import { type Section, SnapshotFormatError } from './section.js';

/** Reads the one object of a file: `open` gives the section that takes the value of each key. */
export interface Document {
  /** Whether the closing brace was seen. */
  readonly done: boolean;
  /** Takes all of a chunk. Throws `SnapshotFormatError`. */
  take(bytes: Uint8Array): void;
}

type Expected = 'object' | 'key' | 'key text' | 'colon' | 'value' | 'comma' | 'nothing';

const MAX_KEY_BYTES = 64;
const QUOTE = 0x22;

/** What comes next after each mark that stands between keys and values. */
const MARKS: Readonly<Record<string, Partial<Record<Expected, Expected>>>> = {
  '{': { object: 'key' },
  '"': { key: 'key text' },
  ':': { colon: 'value' },
  ',': { comma: 'key' },
  '}': { comma: 'nothing' },
};

/**
 * A JSON object of bracketed values, in chunks. `open` is called with each key and hands back what takes its value;
 * `close` when the value is complete.
 */
export function createDocument(open: (key: string) => Section, close: (key: string) => void): Document {
  let expected: Expected = 'object';
  let key = '';
  let section: Section | null = null;

  function mark(byte: number): void {
    const next = MARKS[String.fromCharCode(byte)]?.[expected];
    if (next === undefined) {
      throw new SnapshotFormatError(key === '' ? 'is no V8 heap snapshot' : `is not JSON after "${key}"`);
    }
    expected = next;
    if (expected === 'key text') key = '';
  }

  function takeKey(byte: number): void {
    if (byte === QUOTE) expected = 'colon';
    else key += String.fromCharCode(byte);
    if (key.length > MAX_KEY_BYTES) throw new SnapshotFormatError('has a key that no snapshot has');
  }

  function takeValue(value: Section, bytes: Uint8Array, from: number): number {
    const at = value.take(bytes, from, bytes.length);
    if (value.done) {
      section = null;
      expected = 'comma';
      close(key);
    }
    return at;
  }

  return {
    get done() {
      return expected === 'nothing';
    },
    take(bytes) {
      let at = 0;
      while (at < bytes.length) {
        const byte = bytes[at] as number;
        if (section !== null) at = takeValue(section, bytes, at);
        else if (expected === 'value' && !isBlank(byte)) section = open(key);
        else {
          if (expected === 'key text') takeKey(byte);
          else if (!isBlank(byte)) mark(byte);
          at++;
        }
      }
    },
  };
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
