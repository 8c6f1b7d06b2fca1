import dnsPacket, { type Answer as PacketRecord } from 'dns-packet';

/** What a response says, in a form that two resolvers must agree on. */
export interface AnswerFacts {
  readonly rcode: number;
  readonly truncated: boolean;
  readonly recursionAvailable: boolean;
  readonly hasOpt: boolean;
  /** Whether the question came back letter by letter. */
  readonly repeatsQuestion: boolean;
  /** Records of the answer section, sorted, without TTL; null in a truncated response, where they count for nothing (RFC 2181 §9). */
  readonly answers: readonly string[] | null;
  /** The SOA of a negative answer; null where there is none. */
  readonly soa: string | null;
  /** TTLs of the same records, in the same order. */
  readonly ttls: readonly number[];
}

/** Reads a response with dns-packet, which neither resolver uses. */
export function readFacts(response: Buffer, query: { readonly question: Buffer }): AnswerFacts {
  const flags = response.readUInt16BE(2);
  const packet = dnsPacket.decode(response);
  const truncated = (flags & 0x0200) !== 0;
  const answers = (packet.answers ?? []).map(factOf).sort((one, other) => (one.text < other.text ? -1 : 1));
  const soa = (packet.authorities ?? []).find(({ type }) => type === 'SOA');
  const question = response.subarray(12, 12 + query.question.length);
  return {
    rcode: flags & 15,
    truncated,
    recursionAvailable: (flags & 0x0080) !== 0,
    hasOpt: (packet.additionals ?? []).some(({ type }) => type === 'OPT'),
    repeatsQuestion: question.equals(query.question),
    answers: truncated ? null : answers.map(({ text }) => text),
    soa: truncated || soa === undefined ? null : factOf(soa).text,
    ttls: truncated ? [] : [...answers, ...(soa === undefined ? [] : [factOf(soa)])].map(({ ttl }) => ttl),
  };
}

function factOf(record: PacketRecord): { readonly text: string; readonly ttl: number } {
  const { name, type, ttl, data } = record as { name: string; type: string; ttl?: number; data?: unknown };
  const shown = Buffer.isBuffer(data) ? data.toString('hex') : JSON.stringify(data);
  return { text: `${name.toLowerCase()} ${type} ${shown}`, ttl: ttl ?? 0 };
}
