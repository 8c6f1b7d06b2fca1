/**
 * Goroutines in the text of `/debug/pprof/goroutine?debug=1`, whose first line counts them
 * (`printCountProfile` of Go's runtime/pprof). Null when it is some other text.
 */
export function parseGoroutines(text: string): number | null {
  return numberAfter(text, /^goroutine profile: total (\d+)$/m);
}

/**
 * Bytes in spans of the heap that are in use, from the text of `/debug/pprof/heap?debug=1`, which ends with the
 * runtime's own memory statistics as comments (`writeHeapInternal` of Go's runtime/pprof; runtime.MemStats). Null
 * when it is some other text.
 */
export function parseHeapInuse(text: string): number | null {
  return numberAfter(text, /^# HeapInuse = (\d+)$/m);
}

function numberAfter(text: string, pattern: RegExp): number | null {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
