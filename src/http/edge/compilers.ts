import type { FastifyServerOptions } from 'fastify'
import { lazy } from '../../lazy.js'

/**
 * How route schemas are compiled. Validators are compiled when their first request comes: compiling all of them at
 * start took a fifth of the start-up time. Response schemas only describe; responses are serialised with
 * `JSON.stringify`.
 */

type Compilers = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>
/** The signature that Fastify calls; its own types are those of the compilers that it bundles. */
type Check = ((data: unknown) => boolean) & { readonly errors?: unknown }
type Compile = (route: unknown) => Check
type BuildValidator = (externalSchemas: unknown, options: unknown) => Compile

const compiler = lazy<() => BuildValidator>('@fastify/ajv-compiler')

const buildValidator = (externalSchemas: unknown, options: unknown) => {
  let compile: Compile | null = null
  return (route: unknown) => {
    let check: Check | null = null
    return (data: unknown) => {
      compile ??= compiler()()(externalSchemas, options)
      check ??= compile(route)
      return check(data) || { error: check.errors }
    }
  }
}

export const COMPILERS = {
  buildValidator,
  buildSerializer: () => () => (answer: unknown) => JSON.stringify(answer),
} as unknown as Compilers
