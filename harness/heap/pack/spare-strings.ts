import { edgeType, type HeapSnapshot, nodeType } from '../snapshot/heap-snapshot.js';

/** Names of properties that a program is written with; keys that come from data rarely look so. */
const IDENTIFIER = /^[\p{L}$_#][\p{L}\p{N}$_.-]{0,63}$/u;

/** Nodes whose name is the content of a string. */
const CONTENTS = (['string', 'concatenated string', 'sliced string'] as const).map(nodeType);

/**
 * Which strings of a snapshot may be shown, by their index: names of classes, functions and variables, and of those
 * properties that look like names. The contents of strings, and keys of dictionaries that look like data, may not,
 * since they can be anything that the program was told.
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
    if (type !== property || IDENTIFIER.test(strings.at(name))) spared[name] = 1;
  }
  return spared;
}
