import { readFileSync } from 'node:fs'
import { describeResult } from './config/describe.js'
import { readConfig } from './config.js'

const result = readConfig(process.env, (path) => readFileSync(path, 'utf8'))
process.stdout.write(describeResult(result))
process.exitCode = result.is === 'ok' ? 0 : 1
