import { describe, expect, it } from 'vitest';
import { createLatencyRecorder } from './latency-recorder.js';

describe('latency recorder', () => {
  it('has no percentiles without answers', () => {
    const latency = createLatencyRecorder(1000);
    expect(latency.total()).toEqual({ p50: null, p99: null });
    expect(latency.takeInterval()).toEqual({ p50: null, p99: null });
  });

  it('starts each interval anew and keeps the whole', () => {
    const latency = createLatencyRecorder(1000);
    latency.record(0.25);
    expect(latency.takeInterval()).toEqual({ p50: 0.25, p99: 0.25 });
    expect(latency.takeInterval().p50).toBeNull();
    latency.record(100);
    expect(latency.takeInterval().p50).toBeCloseTo(100, 0);
    expect(latency.total().p50).toBe(0.25);
  });

  it('takes values outside its range as the nearest inside', () => {
    const latency = createLatencyRecorder(10);
    latency.record(-1);
    latency.record(1e9);
    expect(latency.total().p50).toBe(0);
    expect(latency.total().p99).toBeCloseTo(10, 1);
  });
});
