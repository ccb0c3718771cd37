import { PassThrough } from 'node:stream'
import t from 'tap'
import { openPrompt } from '../../src/demo/prompt.js'

function open(isTerminal: boolean) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const lines: string[] = []
  const prompt = openPrompt({
    input,
    output,
    isTerminal,
    completionsOf: (line) => [`${line}bc`],
    async onLine(line) {
      lines.push(line)
      return line === 'end' ? 'quit' : 'goes on'
    },
  })
  return { input, prompt, lines, written: () => String(output.read() ?? '') }
}

t.test('lines from a pipe are taken in order, and no prompt is written', async (t) => {
  const { input, prompt, lines, written } = open(false)
  input.write('a\nb\nend\n')
  await prompt.over
  t.same(lines, ['a', 'b', 'end'])
  prompt.say('hello')
  t.equal(written(), 'hello\n')
  prompt.close()
})

t.test('on a terminal output appears above the typed line; Ctrl-C and Ctrl-D end it', async (t) => {
  for (const key of ['\u0003', '\u0004']) {
    const { input, prompt, lines, written } = open(true)
    t.match(written(), '› ')
    input.write('a\t')
    await new Promise((resolve) => setImmediate(resolve))
    input.write('\r')
    prompt.say('hello')
    t.match(written(), '\r\u001b[Jhello\n')
    input.write(key)
    await prompt.over
    t.same(lines, ['abc'])
    prompt.close()
  }
})
