import { edgeType, type HeapSnapshot, nodeType } from '../snapshot/heap-snapshot.js';

/** Names of properties as a program is written with them: an identifier of moderate length with few digits in it. */
const WRITTEN = /^(?!(?:.*\d){4})[\p{L}$_#][\p{L}\p{N}$_]{0,39}$/u;

/** Nodes whose name is the content of a string. */
const CONTENTS = (['string', 'concatenated string', 'sliced string'] as const).map(nodeType);

/**
 * Which strings of a snapshot may be shown, by their index: names of classes, functions and variables, and of those
 * properties that look like names. The contents of strings may not, nor may keys that look like data, since they can
 * be anything that the program was told; a key that is a plain word cannot be told from a name, and stays.
 */
export function spareStrings(snapshot: HeapSnapshot): Uint8Array {
  const { nodeTypes, nodeNames, nodeCount, edgeTypes, edgeNames, edgeCount, strings } = snapshot;
  const spared = new Uint8Array(strings.length);
  for (let node = 0; node < nodeCount; node++) {
    if (!CONTENTS.includes(nodeTypes[node] as number)) spared[nodeNames[node] as number] = 1;
  }
  const [property, element, hidden] = (['property', 'element', 'hidden'] as const).map(edgeType);
  const judged = new Uint8Array(strings.length);
  for (let edge = 0; edge < edgeCount; edge++) {
    const type = edgeTypes[edge];
    if (type === element || type === hidden) continue;
    const name = edgeNames[edge] as number;
    if (spared[name] === 1 || (type === property && judged[name] === 1)) continue;
    judged[name] = 1;
    if (type !== property || WRITTEN.test(strings.at(name))) spared[name] = 1;
  }
  return spared;
}
