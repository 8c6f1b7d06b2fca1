import { describe, expect, it } from 'vitest';
import { createCounters } from './counters.js';
import { metricsText } from './metrics.js';
import { countedStructure, weighedStructure } from './structure.js';

const text = metricsText({
  status: 'healthy',
  uptime_sec: 3,
  version: '0.1.0',
  structures: [weighedStructure('dns-cache', 7, 2100, 4096), countedStructure('dns-questions', 2, null)],
  counters: { ...createCounters(), cacheHits: 5, shed: 4 },
});

describe('metrics', () => {
  it('say the size of each collection, and nothing of a bound or bytes that do not exist', () => {
    expect(text).toContain('leak_soak_node_structure_entries{structure="dns-cache"} 7\n');
    expect(text).toContain('leak_soak_node_structure_bytes{structure="dns-cache"} 2100\n');
    expect(text).toContain('leak_soak_node_structure_limit{structure="dns-cache"} 4096\n');
    expect(text).toContain('leak_soak_node_structure_entries{structure="dns-questions"} 2\n');
    expect(text).not.toContain('structure_limit{structure="dns-questions"}');
  });

  it('count queries by outcome and drops by reason', () => {
    expect(text).toContain('leak_soak_node_queries_total{outcome="cache-hit"} 5\n');
    expect(text).toContain('leak_soak_node_drops_total{reason="shed"} 4\n');
  });

  it('are in the text format: each family has its help and type once, before its samples', () => {
    const names = new Set<string>();
    let family = '';
    for (const line of text.trimEnd().split('\n')) {
      const [, type] = /^# TYPE (\w+) (?:counter|gauge)$/.exec(line) ?? [];
      if (type !== undefined) {
        expect(names).not.toContain(type);
        names.add(type);
        family = type;
      } else if (!line.startsWith('# HELP ')) {
        expect(line).toMatch(new RegExp(`^${family}(\\{\\w+="[\\w-]+"\\})? \\d+$`));
      }
    }
    expect(names.size).toBeGreaterThan(8);
  });

  it('show every counter', () => {
    const counters = createCounters();
    const names = Object.keys(counters) as (keyof typeof counters)[];
    for (const [index, name] of names.entries()) counters[name] = 1000 + index;
    const all = metricsText({ status: 'healthy', uptime_sec: 0, version: '', structures: [], counters });
    for (const name of names) expect(all, name).toMatch(new RegExp(` ${counters[name]}$`, 'm'));
  });
});
