import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context, Span as OtelSpan } from '@opentelemetry/api'
import { type Log, RouterError } from '../engine/ports.js'
import { warnOfFailures } from './exporting.js'

/** Records spans, so that a message can be followed through several programs; the OpenTelemetry packages export them. */
export interface Tracing {
  /** Runs `work` as a span: a child of `parent` if given, else of the current span, else the root of a new trace. */
  span<T>(described: Described, work: (span: Span) => T): T
  /** Whether the caller runs within a span. */
  isWithinSpan(): boolean
  /** Exports the remaining spans, within a time limit. */
  close(): Promise<void>
}

export interface Described {
  readonly name: string
  readonly kind: 'server' | 'client' | 'internal'
  /** A `traceparent` header. */
  readonly parent?: string | null
  readonly facts: Facts
}

export interface Span {
  /** The `traceparent` header for the requests of this span. */
  readonly traceparent: string
  note(facts: Facts): void
  /** Marks the span as failed. */
  fail(code: string): void
}

export type Facts = Readonly<Record<string, string | number>>

/** An unreachable collector must not delay the end of the process. */
const CLOSE_MS = 2_000

export interface Packages {
  readonly api: typeof import('@opentelemetry/api')
  readonly sdk: typeof import('@opentelemetry/sdk-trace-base')
  readonly exporter: typeof import('@opentelemetry/exporter-trace-otlp-http')
  readonly resources: typeof import('@opentelemetry/resources')
}

/** Optional packages, loaded only when traces are switched on. */
export async function loadPackages(): Promise<Packages> {
  const [api, sdk, exporter, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  return { api, sdk, exporter, resources }
}

export async function createTracing(
  parts: { readonly endpoint: string; readonly version: string; readonly log: Log },
  load: () => Promise<Packages> = loadPackages,
): Promise<Tracing> {
  const { api, sdk, exporter, resources } = await load().catch((cause: unknown): never => {
    throw new RouterError(
      'internal_error',
      'OTEL_EXPORTER_OTLP_ENDPOINT needs the OpenTelemetry packages, which are not installed: run "npm install" without ' +
        '--omit=optional, or take the setting away.',
      { cause },
    )
  })
  const { envDetector, detectResources, resourceFromAttributes } = resources
  const ours = resourceFromAttributes({ 'service.name': 'message-router', 'service.version': parts.version })
  const url = `${parts.endpoint.replace(/\/+$/, '')}/v1/traces`
  const provider = new sdk.BasicTracerProvider({
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override ours.
    resource: ours.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new sdk.BatchSpanProcessor(warnOfFailures(new exporter.OTLPTraceExporter({ url }), parts.log, Date.now)),
    ],
  })
  const tracer = provider.getTracer('message-router', parts.version)
  const underWay = new AsyncLocalStorage<Context>()
  const kinds = { server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT, internal: api.SpanKind.INTERNAL }

  function contextOf(traceparent: string): Context {
    const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-')
    const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
    return api.trace.setSpanContext(api.ROOT_CONTEXT, context)
  }

  function spanOf(made: OtelSpan): Span {
    const { traceId, spanId, traceFlags } = made.spanContext()
    return {
      traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
      note: (facts) => void made.setAttributes(facts),
      fail: (message) => void made.setStatus({ code: api.SpanStatusCode.ERROR, message }),
    }
  }

  return {
    span({ name, kind, parent = null, facts }, work) {
      const within = parent === null ? (underWay.getStore() ?? api.ROOT_CONTEXT) : contextOf(parent)
      const made = tracer.startSpan(name, { kind: kinds[kind], attributes: facts }, within)
      const span = spanOf(made)
      const failed = (error: unknown): never => {
        span.fail(error instanceof RouterError ? error.code : 'internal_error')
        made.end()
        throw error
      }
      try {
        const result = underWay.run(api.trace.setSpan(within, made), () => work(span))
        if (result instanceof Promise) {
          return result.then((value) => {
            made.end()
            return value
          }, failed) as typeof result
        }
        made.end()
        return result
      } catch (error) {
        return failed(error)
      }
    },
    isWithinSpan: () => underWay.getStore() !== undefined,
    async close() {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_MS)
      })
      await Promise.race([provider.shutdown().catch(() => {}), late])
      clearTimeout(timer)
    },
  }
}
