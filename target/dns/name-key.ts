import { CLASS_IN, MAX_LABEL_BYTES, MAX_NAME_BYTES, QUESTION_TAIL_BYTES } from './wire.js';

/** One character per byte, length bytes and root label included; null when it is no name (RFC 1035 §2.3.4). */
export function wireName(text: string): string | null {
  if (!/^[!-~]+$/.test(text)) return null;
  const labels = text.replace(/\.$/, '').split('.');
  if (labels.some((label) => label.length === 0 || label.length > MAX_LABEL_BYTES)) return null;
  const name = `${labels.map((label) => String.fromCharCode(label.length) + label).join('')}\0`;
  return name.length > MAX_NAME_BYTES ? null : name;
}

/** The question key (`Query.key`) for a name in text form; null when it is no name. */
export function nameKey(text: string, type: number): string | null {
  const name = wireName(text.toLowerCase());
  return name === null ? null : questionKey(name, type);
}

/** The question key for a name in wire form, in lower case. */
export function questionKey(name: string, type: number): string {
  return `${name}${String.fromCharCode(type >>> 8, type & 0xff, 0, CLASS_IN)}`;
}

/** The type that a question key (`Query.key`) asks for. */
export function typeOf(key: string): number {
  const at = key.length - QUESTION_TAIL_BYTES;
  return key.charCodeAt(at) * 256 + key.charCodeAt(at + 1);
}
