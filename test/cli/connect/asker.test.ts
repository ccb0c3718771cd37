import t from 'tap'
import { createAsker } from '../../../src/cli/connect/asker.js'
import { pretendWorld } from '../../fixtures/command.js'

t.test('what is typed is shown, but for what is hidden', async (t) => {
  const { world, input, err, out } = pretendWorld()
  const asker = createAsker(world)
  const name = asker.ask('Name? ')
  input.write('sara\r')
  t.equal(await name, 'sara')
  t.match(err(), /Name\? .*sara/s)
  const secret = asker.askHidden('Token? ')
  input.write(' hush-hush \r')
  t.equal(await secret, 'hush-hush')
  // The arrow up brings nothing back.
  const more = asker.ask('More? ')
  input.write('\u001b[Ax\r')
  t.equal(await more, 'x')
  t.match(err(), /Token\? \S*\n/)
  t.notMatch(err() + out(), 'hush')
  asker.close()
})

t.test('Ctrl-C ends it', async (t) => {
  const { world, input } = pretendWorld()
  const asker = createAsker(world)
  const asked = asker.askHidden('Token? ')
  input.write('\u0003')
  await t.rejects(asked, { exitCode: 1, message: 'Nothing was connected.' })
  asker.close()
  createAsker(world).close()
})
