import { ABSENT_TYPES, CHAIN_LENGTH, OTHER, SET_SIZES, TYPES, ZONE } from './zone.js';

/** One question as it is put to both resolvers. */
export interface Question {
  /** Labels; a label may hold any bytes. */
  readonly labels: readonly string[];
  readonly type: number;
  readonly transport: 'udp' | 'tcp';
  /** Payload size in an OPT record; null without one. */
  readonly ednsBytes: number | null;
}

const EDNS_SIZES: readonly (number | null)[] = [null, 0, 512, 1232, 1400, 4096, 65_535];
const [A, CNAME, TXT, MX, AAAA, SRV] = [1, 5, 16, 15, 28, 33] as const;

/** Every question of the comparison, in a fixed order. */
export function allQuestions(): readonly Question[] {
  return [...plain(), ...sizes()];
}

/** Kinds of answers, by UDP with room for them. */
function plain(): readonly Question[] {
  const ask = (name: string, type: number, zone = ZONE): Question => ({
    labels: [...(name === '' ? [] : name.split('.')), ...zone.split('.')],
    type,
    transport: 'udp',
    ednsBytes: 4096,
  });
  const numbers = Object.values(TYPES).map(([number]) => number);
  const every = [...new Set([...numbers, ...ABSENT_TYPES])];
  const chains = Array.from({ length: CHAIN_LENGTH + 1 }, (_, index) => `c${index}`);
  const aliases = ['away', 'lost', 'dangling', 'empty', 'x.alias', 'y.z.alias', 'host.dn', 'no.dn', 'dn'];
  const names = [
    '',
    'all',
    'ALL',
    'wild',
    'own.wild',
    'below',
    'all-but.below',
    'mixed.case',
    'under',
    ...aliases,
  ];
  const made = Array.from({ length: 400 }, (_, index) => index);
  return [
    ...names.flatMap((name) => every.map((type) => ask(name, type))),
    ...chains.flatMap((name) => [A, TXT, CNAME, AAAA, MX].map((type) => ask(name, type))),
    ...made.flatMap((index) => [
      ask(`n${index}`, A),
      ask(`w${index}.wild`, [A, TXT, MX, AAAA][index % 4] ?? A),
    ]),
    ...made.map((index) => ask(`deep.n${index}.below`, ABSENT_TYPES[index % ABSENT_TYPES.length] ?? A)),
    ...['short', 'zero', 'long'].map((name) => ask(name, A)),
    ...['_sip._tcp', '_gone._tcp', '_none._tcp'].map((name) => ask(name, SRV)),
    ...['', 'host', 'back', 'nothing'].flatMap((name) =>
      [A, TXT, CNAME, MX].map((type) => ask(name, type, OTHER)),
    ),
    ask(`${'l'.repeat(63)}.${'m'.repeat(63)}.${'n'.repeat(63)}`, A),
    { ...ask('x', A), labels: ['odd.label', ...ZONE.split('.')] },
    { ...ask('x', A), labels: ['odd\x00\xff', ...ZONE.split('.')] },
  ];
}

/** Sets of all sizes in room of all sizes: what fits, what is cut short, what TCP brings whole. */
function sizes(): readonly Question[] {
  return SET_SIZES.flatMap((size) =>
    [A, TXT].flatMap((type) => {
      const question = { labels: [`set${size}`, ...ZONE.split('.')], type };
      return [
        ...EDNS_SIZES.map((ednsBytes) => ({ ...question, transport: 'udp' as const, ednsBytes })),
        { ...question, transport: 'tcp' as const, ednsBytes: null },
        { ...question, transport: 'tcp' as const, ednsBytes: 1232 },
      ];
    }),
  );
}
