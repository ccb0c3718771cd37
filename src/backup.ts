import { backup } from './store/sqlite/backup.js'

/** `npm run backup -- FILE`: copies the store in DATA_DIR into a file, while the router runs. */

const [target] = process.argv.slice(2)
const directory = process.env['DATA_DIR']?.trim()
if (target === undefined || target.startsWith('-'))
  fail('usage: npm run backup -- FILE, with DATA_DIR as the router has it')
if (!directory) fail('DATA_DIR is required: the directory of the router whose store is to be copied')
try {
  const bytes = await backup(directory, target)
  process.stdout.write(`${target}: ${bytes} bytes\n`)
} catch (error) {
  fail((error as Error).message)
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
