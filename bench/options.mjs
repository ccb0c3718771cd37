/** What the command line asks for, or the exit code with which to show the help. */
export const HELP = `npm run bench [-- OPTIONS]

  (no option)          four minutes
  --full               all of it: a million conversations, 2,000 WebSocket clients, SQLite at an even load, more rounds
  --only NAME,NAME     some of: throughput, even-load, deliveries, replicas, conversations, memory, start, fan-out
  --against FILE       compares with another build's dist/main.js in the same rounds (throughput)
  -h, --help           this

Prints tables, and writes bench/results.json and bench/results.svg.`

export const NAMES = [
  'throughput',
  'even-load',
  'deliveries',
  'replicas',
  'conversations',
  'memory',
  'start',
  'fan-out',
]

export function optionsOf(args) {
  const options = { isFull: false, only: NAMES, against: null }
  for (let i = 0; i < args.length; i++) {
    const [name, value] = [args[i], args[i + 1]]
    if (name === '-h' || name === '--help') return { is: 'help', code: 0 }
    if (name === '--full') options.isFull = true
    else if (name === '--only' && value !== undefined && value.split(',').every((each) => NAMES.includes(each))) {
      options.only = value.split(',')
      i += 1
    } else if (name === '--against' && value !== undefined) {
      options.against = value
      i += 1
    } else return { is: 'help', code: 2 }
  }
  return { is: 'run', ...options }
}
