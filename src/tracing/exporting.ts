import type { SpanExporter } from '@opentelemetry/sdk-trace-base'
import type { Log } from '../engine/ports.js'

/** Logs failed exports, which the OpenTelemetry packages do not report by themselves. */

/** While a collector is down every batch fails; one warning a minute is enough. */
const TELL_EVERY_MS = 60_000

export function warnOfFailures(exporter: SpanExporter, log: Log, now: () => number): SpanExporter {
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.code !== 0 && now() - toldAt >= TELL_EVERY_MS) {
          toldAt = now()
          log.warn(
            { spans: spans.length, reason: result.error?.message },
            'traces could not be delivered to OTEL_EXPORTER_OTLP_ENDPOINT',
          )
        }
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
  }
}
