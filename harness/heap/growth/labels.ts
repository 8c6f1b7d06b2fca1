import {
  edgeType,
  type HeapSnapshot,
  NODE_TYPES,
  type NodeType,
  nodeType,
} from '../snapshot/heap-snapshot.js';

/** Names that mean the same in every snapshot, by number. */
export interface NameBook {
  number(name: string): number;
  name(number: number): string;
}

/** Names of nodes and edges of one snapshot, as numbers of a book that several snapshots share. */
export interface Labels {
  /** The class of a node: of an object its constructor's name, of the rest what V8 calls it. */
  classOf(node: number): number;
  /** The name by which `edge`, one of `from`'s, is known; `EACH` for entries of a container. */
  edgeOf(from: number, edge: number): number;
}

/** Stands for the names of all entries of a container: positions, keys, slots of a hash table. */
export const EACH = '[]';

/** Above so many properties the names are keys of a dictionary rather than fields that somebody wrote down. */
const MAX_FIELDS = 128;

export function createNameBook(): NameBook {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  return {
    number(name) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, names.length);
      return names.push(name) - 1;
    },
    name: (number) => names[number] as string,
  };
}

/** Types whose nodes are told apart by their type only: the name of a string is its text, that of a RegExp its source. */
const ONE_CLASS: Readonly<Partial<Record<NodeType, string>>> = {
  string: 'string',
  'concatenated string': 'string',
  'sliced string': 'string',
  number: 'number',
  symbol: 'symbol',
  bigint: 'bigint',
  regexp: 'RegExp',
  code: '(code)',
  'object shape': '(object shape)',
};

const ELEMENT = edgeType('element');
const HIDDEN = edgeType('hidden');
const PROPERTY = edgeType('property');
const INTERNAL = edgeType('internal');
const SHORTCUT = edgeType('shortcut');
const CLOSURE = nodeType('closure');
const UNKNOWN = 0xffff_ffff;

export function createLabels(snapshot: HeapSnapshot, book: NameBook): Labels {
  const { nodeTypes, nodeNames, edgeTypes, edgeNames, firstEdge, strings } = snapshot;
  const known = new Uint32Array(strings.length).fill(UNKNOWN);
  const globals = globalObjects(snapshot);
  const edgeCount = (node: number): number => (firstEdge[node + 1] as number) - (firstEdge[node] as number);
  const knownClosures = new Map<number, number>();
  const each = book.number(EACH);
  const oneClass = NODE_TYPES.map((type) => {
    const name = ONE_CLASS[type];
    return name === undefined ? UNKNOWN : book.number(name);
  });

  function named(string: number): number {
    const number = known[string] as number;
    if (number !== UNKNOWN) return number;
    const made = book.number(strings.at(string));
    known[string] = made;
    return made;
  }

  function closure(string: number): number {
    let number = knownClosures.get(string);
    if (number === undefined) {
      number = book.number(`${strings.at(string) || '(anonymous)'}()`);
      knownClosures.set(string, number);
    }
    return number;
  }

  return {
    classOf(node) {
      const type = nodeTypes[node] as number;
      const one = oneClass[type] as number;
      if (one !== UNKNOWN) return one;
      const name = nodeNames[node] as number;
      return type === CLOSURE ? closure(name) : named(name);
    },
    edgeOf(from, edge) {
      const type = edgeTypes[edge];
      if (type === ELEMENT || type === HIDDEN || from === 0) return each;
      const name = edgeNames[edge] as number;
      if (type === INTERNAL && isNumbered(strings.firstByte(name))) return each;
      if (type === PROPERTY && edgeCount(from) > MAX_FIELDS && !globals.has(from)) return each;
      return named(name);
    },
  };
}

/** What the root's shortcuts lead to: their properties are variables, however many they are. */
function globalObjects({ firstEdge, edgeTypes, edgeTargets }: HeapSnapshot): ReadonlySet<number> {
  const globals = new Set<number>();
  for (let edge = 0; edge < (firstEdge[1] as number); edge++) {
    if (edgeTypes[edge] === SHORTCUT) globals.add(edgeTargets[edge] as number);
  }
  return globals;
}

/** V8 names what stands in a table by its position, and a WeakMap's pair by its position and its members' ids. */
function isNumbered(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
