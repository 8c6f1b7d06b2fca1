import type { BlockBurstPlan, ChainSyncPlan, PeerChurnPlan, PeerExchangePlan } from './peer/peer-plan.js';
import type { StubUpstreamPlan } from './upstream-plan.js';

/** Which questions are asked. All but `unique` come from a file or a fixed set, and come again. */
export type QuestionPlan =
  /** A new name below the zone with every question. */
  | { readonly kind: 'unique' }
  /** `count` names below the zone, the k-th most frequent one with a weight of 1 / k^exponent (Zipf). */
  | { readonly kind: 'zipf'; readonly count: number; readonly exponent: number }
  /** `d0`, `d1`, … `d<count - 1>` below the zone, in turn and over again. */
  | { readonly kind: 'numbered'; readonly count: number }
  /** A file with one name per line, asked for A records, in turn. */
  | { readonly kind: 'names'; readonly path: string }
  /** A data file as dnsperf reads it, `name type` per line, in turn. */
  | { readonly kind: 'queries'; readonly path: string };

/**
 * What NOERROR must come with: the address that follows from the name, as the stub upstream gives it; one address
 * for every name; or anything, where the data of the target are not known.
 */
export type AnswerPlan = 'derived' | 'any-data' | { readonly address: string };

/** What every load on a DNS server is made of. */
export interface DnsLoadPlan {
  readonly ratePerSec: number;
  /** Rates over time instead of `ratePerSec`, e.g. `10s:5000,30s:20000` (`parseRateFlow`). */
  readonly rateFlow?: string;
  /** Closed model: so many questions are in flight at all times, and no rate is kept (dnsperf's `-q`). */
  readonly outstanding?: number;
  /** Names are made below this zone. */
  readonly zone: string;
  readonly seed: number;
  /** @default unique */
  readonly questions?: QuestionPlan;
  /** @default derived */
  readonly answers?: AnswerPlan;
  /** Hosts outside this machine that load may be sent to. @default none */
  readonly allowRemote?: readonly string[];
  /** A question counts as timed out after this long. */
  readonly timeoutMs: number;
  /** Rcodes that are a correct answer; `NOERROR` is checked down to its rdata. */
  readonly acceptedRcodes: readonly ('NOERROR' | 'NXDOMAIN' | 'SERVFAIL')[];
}

/** DNS questions over UDP; open model unless `outstanding` is given: arrivals do not wait for answers. */
export interface DnsUdpFloodPlan extends DnsLoadPlan {
  readonly kind: 'dns-udp-flood';
  /** Many datagrams per system call (Linux), one by one, or the first where it works. @default auto */
  readonly io?: 'auto' | 'mmsg' | 'dgram';
  /** Threads that share the load out among them; more than one with `mmsg` only. @default 1 */
  readonly drivers?: number;
  /** What answers the target's own questions; null for a target that asks none of us. */
  readonly upstream: StubUpstreamPlan | null;
}

/** DNS questions over TCP (RFC 7766). */
export interface DnsTcpPlan extends DnsLoadPlan {
  readonly kind: 'dns-tcp';
  /** A connection for each question, or a few that live long and carry many questions at once. */
  readonly mode: 'visit' | 'pipelined';
  /** Most connections open at a time; of `pipelined` all are, up to 16 and in powers of two. @default 1000, or 4 */
  readonly connections?: number;
  /** How a visit ends: as an honest client does it, or with a reset that leaves no TIME_WAIT. @default fin */
  readonly close?: 'fin' | 'rst';
  /** What answers the target's own questions; null for a target that asks none of us. */
  readonly upstream: StubUpstreamPlan | null;
}

/** DNS questions over HTTPS (RFC 8484), or over plain HTTP where the target takes it. */
export interface DohPlan extends DnsLoadPlan {
  readonly kind: 'doh';
  readonly http: '1.1' | '2';
  /** True: a certificate is accepted that cannot be verified. @default false */
  readonly insecure?: boolean;
  /** Connections of HTTP/2, which carry many questions at once, or the most of HTTP/1.1. @default 1, or 32 */
  readonly connections?: number;
  /** What answers the target's own questions; null for a target that asks none of us. */
  readonly upstream: StubUpstreamPlan | null;
}

/** What a connection of a storm does once it stands. */
export type StormMode =
  /** Closes at once. */
  | 'close'
  /** Resets at once. */
  | 'reset'
  /** Says nothing for as long as it is held. */
  | 'silent'
  /** Sends one byte, then says nothing. */
  | 'one-byte'
  /** Sends a byte every now and then, for as long as it is held (slow loris). */
  | 'drip';

/** TCP connections that ask for nothing: what does a server keep of its bad clients? */
export interface TcpStormPlan {
  readonly kind: 'tcp-storm';
  /** Connections per second. */
  readonly ratePerSec: number;
  /** Rates over time instead of `ratePerSec` (`parseRateFlow`). */
  readonly rateFlow?: string;
  /** Weight of each mode; those not named do not occur. */
  readonly modes: Readonly<Partial<Record<StormMode, number>>>;
  /** Most connections open at a time; what goes beyond counts as dropped. */
  readonly maxConnections: number;
  /** How long a connection is held, unless the target closes it before. */
  readonly holdMs: number;
  /** A connection that does not stand after this long counts as timed out. */
  readonly timeoutMs: number;
  readonly seed: number;
  /** How the target is probed: does it accept a connection, does it answer DNS over TCP? @default connect */
  readonly probe?: 'connect' | 'dns';
  /** Zone of the names that `probe: 'dns'` asks for. */
  readonly zone: string;
  /** Hosts outside this machine that load may be sent to. @default none */
  readonly allowRemote?: readonly string[];
  /** What answers the target's own questions; null for a target that asks none of us. */
  readonly upstream: StubUpstreamPlan | null;
}

/** Packets that are no proper queries, generated and mutated: does the target get over them? */
export interface MalformedPlan {
  readonly kind: 'dns-malformed';
  readonly ratePerSec: number;
  /** Rates over time instead of `ratePerSec` (`parseRateFlow`). */
  readonly rateFlow?: string;
  /** Each packet follows from it. */
  readonly seed: number;
  /** Zone of the questions that packets are made of, and of the probe's. */
  readonly zone: string;
  /** What is sent has no answer to wait for; a stopped load ends within this time. */
  readonly timeoutMs: number;
  /** Hosts outside this machine that load may be sent to. @default none */
  readonly allowRemote?: readonly string[];
  /** What answers the target's own questions; null for a target that asks none of us. */
  readonly upstream: StubUpstreamPlan | null;
}

/** POST requests to a DoH server with bodies that no DNS message has. */
export interface LargeBodiesPlan {
  readonly kind: 'large-bodies';
  /** Requests per second. */
  readonly ratePerSec: number;
  /** Rates over time instead of `ratePerSec` (`parseRateFlow`). */
  readonly rateFlow?: string;
  /** As announced and sent, unless the target ends it. */
  readonly bodyBytes: number;
  /** Pace of each request. */
  readonly bytesPerSec: number;
  /** A connection that does not stand after this long counts as timed out. */
  readonly timeoutMs: number;
  /** Hosts outside this machine that load may be sent to. @default none */
  readonly allowRemote?: readonly string[];
}

/** One HTTP request over and over; open model unless `outstanding` is given. */
export interface HttpFloodPlan {
  readonly kind: 'http-flood';
  readonly ratePerSec: number;
  /** Closed model: so many connections, each asking again as soon as it was answered; no rate is kept. */
  readonly outstanding?: number;
  /** Rates over time instead of `ratePerSec` (`parseRateFlow`). */
  readonly rateFlow?: string;
  readonly seed: number;
  /** A request counts as timed out after this long, the wait for a free connection included. */
  readonly timeoutMs: number;
  /** Connections that the open model holds at most. */
  readonly connections: number;
  /** True: a certificate is accepted that cannot be verified. @default false */
  readonly insecure?: boolean;
  /** Hosts outside this machine that load may be sent to. @default none */
  readonly allowRemote?: readonly string[];
  readonly request: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Null for none. */
    readonly body: string | null;
  };
}

/** Several loads at once on one target, of which the totals are counted. */
export interface MixPlan {
  readonly kind: 'mix';
  /** Of all parts together; each keeps to its own. */
  readonly ratePerSec: number;
  /** The longest of its parts. */
  readonly timeoutMs: number;
  readonly seed: number;
  /** The first one's probe is the mix's; their own upstreams are not started. */
  readonly parts: readonly [SinglePlan, ...SinglePlan[]];
  /** What answers the target's own questions; null for a target that asks none of us. */
  readonly upstream: StubUpstreamPlan | null;
}

/** A load tool of the user's, started and stopped with the phases. */
export interface CommandLoadPlan {
  readonly kind: 'command';
  readonly command: readonly [string, ...string[]];
  /** Told to the command; what it makes of it is its own affair. */
  readonly ratePerSec: number;
  readonly seed: number;
  /** How long it may take to end. */
  readonly timeoutMs: number;
}

/** Traffic that a user wrote (`Traffic`). */
export interface ScriptPlan {
  readonly kind: 'script';
  /** The file that exports it by default; absolute. */
  readonly path: string;
  readonly ratePerSec: number;
  /** Rates over time instead of `ratePerSec` (`parseRateFlow`). */
  readonly rateFlow?: string;
  /** Closed model: so many operations are in flight at all times, and no rate is kept. */
  readonly outstanding?: number;
  readonly seed: number;
  /** An operation counts as timed out after this long. */
  readonly timeoutMs: number;
}

/** Nothing: the target is driven elsewhere. */
export interface NoLoadPlan {
  readonly kind: 'none';
}

/** A load of ours of one kind. */
export type SinglePlan =
  | DnsUdpFloodPlan
  | DnsTcpPlan
  | DohPlan
  | MalformedPlan
  | LargeBodiesPlan
  | TcpStormPlan
  | HttpFloodPlan
  | BlockBurstPlan
  | PeerExchangePlan
  | PeerChurnPlan;

/** A load of ours that only needs to know where the target is. */
export type DriverPlan = SinglePlan | MixPlan;

/** What the load process is told to do; data only, so that it crosses a process boundary. */
export type ProcessPlan = DriverPlan | ChainSyncPlan | CommandLoadPlan | ScriptPlan;

/** What comes at the target. */
export type LoadPlan = ProcessPlan | NoLoadPlan;
