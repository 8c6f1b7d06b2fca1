import type { Recording, TimeWindow } from '../core/recording.js';
import { type Explanation, steepest } from './rise.js';

const TYPES = ['timers', 'tcp_handles', 'udp_handles', 'other_handles'] as const;

const MEANINGS: Readonly<Record<(typeof TYPES)[number], readonly [string, string]>> = {
  timers: ['timers', 'timers are set and never cleared: look for setInterval and setTimeout per request'],
  tcp_handles: [
    'TCP sockets or servers',
    'connections are kept: look for what never closes or destroys them',
  ],
  udp_handles: [
    'UDP sockets',
    'UDP sockets are kept: close each when its answer has come or its wait has ended',
  ],
  other_handles: [
    'other handles',
    'watchers, child processes or requests stay active: print process.getActiveResourcesInfo() by type',
  ],
};

/** Active handles by the type that rose most. */
export function explainHandles(recording: Recording, window: TimeWindow): Explanation {
  const type = steepest(recording, TYPES, window);
  if (type === null) {
    return {
      evidence: null,
      advice: 'timers, sockets or watchers stay active: look for what is never cleared or closed',
    };
  }
  const [name, advice] = MEANINGS[type.column];
  return { evidence: `${type.last} ${name}, ${type.first} at the start`, advice };
}
