import { describe, expect, test } from 'vitest';
import { FAULTS } from '../target/faults.js';
import { SCENARIOS } from './index.js';

/** Ids that `Finding` has and a fault may be shown by. */
const FINDINGS = ['answers-missing', 'service-stopped', 'level-exceeded'];

describe('the faults of the node', () => {
  test('are each brought out by a scenario, and no scenario names another', () => {
    const exposed = SCENARIOS.flatMap(({ exposes }) => exposes);
    expect([...new Set(exposed)].sort()).toEqual(FAULTS.map(({ id }) => id).sort());
  });

  test.each(FAULTS.map((fault) => [fault.id, fault] as const))(
    '%s shows in a metric or finding that its scenario judges',
    (id, { metric, finding }) => {
      const scenario = SCENARIOS.find(({ exposes }) => exposes.includes(id));
      const { budgets, levels } = scenario?.ofNode ?? {};
      if (finding === 'level-exceeded') expect(Object.keys(levels ?? {})).toContain(metric);
      else if (finding === null) expect(Object.keys({ ...scenario?.budgets, ...budgets })).toContain(metric);
      else expect(FINDINGS).toContain(finding);
    },
  );
});

describe('a scenario of the built-in node', () => {
  test.each(
    SCENARIOS.filter(({ targetConfig }) => targetConfig !== null).map((one) => [one.name, one] as const),
  )('%s asks every service that its load speaks to', (_name, { ofNode }) => {
    expect(ofNode?.services).toContain('dns');
    expect((ofNode?.services ?? []).length).toBeGreaterThan(1);
  });
});
