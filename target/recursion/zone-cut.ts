/** A name server of a zone. */
export interface NameServer {
  /** In lower case, in wire form. */
  readonly name: string;
  /** As text; empty where the delegation came without, and the name has to be resolved first. */
  readonly addresses: readonly string[];
}

/** Who answers for a zone. */
export interface ZoneCut {
  /** In lower case, in wire form. */
  readonly zone: string;
  readonly servers: readonly NameServer[];
  /** How long this may be believed; 0 for the question at hand only. */
  readonly ttlSec: number;
}
