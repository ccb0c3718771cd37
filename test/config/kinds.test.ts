import t from 'tap'
import {
  bearer,
  choice,
  duration,
  foreignId,
  httpUrl,
  id,
  type Kind,
  keyPrefix,
  listOf,
  notificationTypes,
  offOrDuration,
  onOff,
  type Parsed,
  shareTemplate,
  signingSecret,
  text,
  trustProxy,
  webhookUrl,
  whole,
} from '../../src/config/kinds.js'
import { FOREVER, NOTIFICATION_TYPES } from '../../src/conversation/channel.js'

const ok = <T>(value: T): Parsed<T> => ({ is: 'ok', value })
const why = <T>(kind: Kind<T>, value: unknown): string => {
  const parsed = kind.parse(value)
  return parsed.is === 'bad' ? parsed.why : `taken as ${JSON.stringify(parsed.value)}`
}

t.test('a text is trimmed and not empty', async (t) => {
  t.same(text.parse('  hello there '), ok('hello there'))
  for (const value of ['', '  ', 3, null, ['a']]) t.equal(why(text, value), 'must be a text')
  t.equal(text.show('x'), 'x')
})

t.test('a bearer token fits an HTTP header and is never quoted in a message', async (t) => {
  t.same(bearer.parse(' app-1_x/+= '), ok('app-1_x/+='))
  for (const value of ['', 'a b', 'a\nb', 'schlüssel', 12]) {
    t.equal(why(bearer, value), 'must be plain ASCII without blanks, to fit an HTTP header')
  }
})

t.test('an id is digits in a text', async (t) => {
  t.same(id.parse('17841400000000001'), ok('17841400000000001'))
  t.equal(why(id, 12345), 'must be in quotes: as a bare number a long id loses its last digits')
  t.equal(why(id, '12a'), 'must be an id of 1 to 32 digits, not "12a"')
  t.equal(why(id, '1'.repeat(33)), 'must be an id of 1 to 32 digits', 'a long value is not quoted')
  t.equal(why(id, ''), 'must be an id of 1 to 32 digits')
  t.equal(why(id, { a: 1 }), 'must be an id of 1 to 32 digits')
})

t.test('the id of another system may be a bare number, as long as no digit is lost', async (t) => {
  t.same(foreignId.parse(123), { is: 'ok', value: '123' })
  t.same(foreignId.parse(' o-1 '), { is: 'ok', value: 'o-1' })
  t.match(foreignId.parse(1e17), { is: 'bad', why: /in quotes/ })
  t.match(foreignId.parse(1.5), { is: 'bad' })
  t.match(foreignId.parse(true), { is: 'bad' })
  t.equal(foreignId.show('123'), '123')
})

t.test('a choice is one of its words, in any case', async (t) => {
  const kind = choice('human', 'bot', 'ignore')
  t.same(kind.parse(' Human '), ok('human'))
  t.equal(why(kind, 'robot'), 'must be human, bot or ignore, not "robot"')
  t.equal(why(kind, true), 'must be human, bot or ignore, not "true"')
})

t.test('a switch is on or off, or true and false in JSON', async (t) => {
  t.same(onOff.parse('ON'), ok(true))
  t.same(onOff.parse('off'), ok(false))
  t.same(onOff.parse(true), ok(true))
  t.same(onOff.parse(false), ok(false))
  t.equal(why(onOff, 'yes'), 'must be on or off, not "yes"')
  t.equal(onOff.show(true), 'on')
  t.equal(onOff.show(false), 'off')
})

t.test('a whole number lies within its bounds', async (t) => {
  const kind = whole(1, 10)
  t.same(kind.parse('10'), ok(10))
  t.same(kind.parse(' 1 '), ok(1))
  t.same(kind.parse(7), ok(7))
  for (const value of ['0', '11', '-1', '1.5', '1e1', '0x5', 'three', '', 0, 11, 1.5, Number.NaN, null, ['3']]) {
    t.match(why(kind, value), /^must be a whole number from 1 to 10/, JSON.stringify(value))
  }
  t.equal(kind.show(7), '7')
})

t.test('a duration lies within its bounds, and lasts forever only where that makes sense', async (t) => {
  t.same(duration().parse('3s'), ok(3000))
  t.same(duration().parse('0'), ok(0))
  t.same(duration().parse(0), ok(0), 'a bare zero needs no unit')
  t.same(duration({ forever: true }).parse('forever'), ok(FOREVER))
  t.same(duration({ forever: true }).parse('3650d'), ok(3650 * 86_400_000))
  t.equal(why(duration(), '3 s'), 'must be a duration such as 500ms, 3s, 10m, 6h, 30d or 0, not "3 s"')
  t.equal(why(duration(), 3000), 'must be a duration such as 500ms, 3s, 10m, 6h, 30d or 0, not "3000"')
  t.match(why(duration({ forever: true }), 'x'), /30d, 0 or forever, not "x"$/)
  t.equal(why(duration(), 'forever'), 'must be a duration of at most 1d, not "forever"')
  t.equal(why(duration(), '2d'), 'must be a duration of at most 1d, not "2d"')
  t.equal(why(duration({ min: 1000 }), '999ms'), 'must be at least 1s, not "999ms"')
  t.equal(duration().show(3000), '3s')
})

t.test('off is a duration of nothing, where that may be said', async (t) => {
  for (const value of ['off', ' OFF ', '0', 0]) t.same(offOrDuration.parse(value), ok(0))
  t.same(offOrDuration.parse('24h'), ok(86_400_000))
  t.equal(why(offOrDuration, '25h'), 'must be off or a duration of at most 1d, not "25h"')
  t.match(why(offOrDuration, 'on'), /^must be off or a duration such as/)
  t.equal(offOrDuration.show(0), 'off')
  t.equal(offOrDuration.show(3_600_000), '1h')
})

t.test('a list is an array, or a text cut at commas and line ends', async (t) => {
  const words = listOf(text)
  t.same(words.parse(' agent , , human,agent\nperson\n'), ok(['agent', 'human', 'person']))
  t.same(words.parse(['yes, please', ' ', 'no']), ok(['yes, please', 'no']))
  t.same(words.parse(''), ok([]))
  t.same(words.parse([]), ok([]))
  t.equal(why(words, 3), 'must be a list')
  t.equal(why(words, ['a', 3]), 'has an entry that must be a text')
  t.equal(why(listOf(id), '1,x'), 'has an entry that must be an id of 1 to 32 digits, not "x"')
  t.equal(words.show(['a', 'b']), 'a, b')
  t.equal(words.show([]), 'none')
})

t.test('an address begins with http and ends without a slash', async (t) => {
  t.same(httpUrl.parse(' https://api.dify.ai/v1// '), ok('https://api.dify.ai/v1'))
  t.same(httpUrl.parse('http://127.0.0.1:8080/'), ok('http://127.0.0.1:8080'))
  for (const value of ['api.dify.ai/v1', 'ftp://x', 'http:x', 'https://', 'http://a b', 'http://a\\b', '', 3]) {
    t.equal(why(httpUrl, value), 'must be a URL that begins with https:// or http://', JSON.stringify(value))
  }
  for (const value of ['https://user@x', 'https://:pass@x']) {
    t.equal(why(httpUrl, value), 'must be a URL without user name and password')
  }
  for (const value of ['https://x/v1?a=b', 'https://x/v1#a', 'https://x/?']) {
    t.equal(why(httpUrl, value), 'must be a URL without ? and #: paths are put behind it')
  }
})

t.test('a share template is built in or has both placeholders', async (t) => {
  for (const value of ['en', 'fa', '{share} -- {question}']) t.same(shareTemplate.parse(value), ok(value))
  for (const value of ['de', '{share}', '{question}', 3]) {
    t.equal(why(shareTemplate, value), 'must be en, fa, or a text with both {share} and {question} in it')
  }
})

t.test('a key prefix leaves the hash tag of a key alone', async (t) => {
  t.same(keyPrefix.parse('shop-1:mr'), ok('shop-1:mr'))
  t.equal(why(keyPrefix, 'a{b}'), 'must be 1 to 64 letters, digits or any of _ . : -, not "a{b}"')
  t.match(why(keyPrefix, null), /^must be 1 to 64/)
})

t.test('trusted proxies are all, none, a number of hops or addresses', async (t) => {
  const cases: [string, boolean | number | string][] = [
    ['true', true],
    ['On', true],
    ['false', false],
    ['off', false],
    ['2', 2],
    ['10.0.0.0/8, ::1', '10.0.0.0/8,::1'],
    ['loopback,fd00::/8', 'loopback,fd00::/8'],
  ]
  for (const [given, value] of cases) t.same(trustProxy.parse(given), ok(value), given)
  for (const value of [
    'yes',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '10.0.0.0/x',
    'fd00::/129',
    'host/8',
    'loopback,',
    '1000',
    7,
  ]) {
    t.match(why(trustProxy, value), /^must be on, off, or the proxies' addresses/, String(value))
  }
  t.equal(trustProxy.show(true), 'on')
  t.equal(trustProxy.show(false), 'off')
  t.equal(trustProxy.show(2), '2')
  t.equal(trustProxy.show('loopback'), 'loopback')
})

t.test('a webhook’s address is taken as it stands, and shown by its host', async (t) => {
  for (const url of ['https://n8n.example/webhook/secret/?token=a%20b#', 'http://127.0.0.1:9/']) {
    t.same(webhookUrl.parse(` ${url} `), ok(url))
  }
  t.equal(webhookUrl.show('https://n8n.example:8443/webhook/secret?token=x'), 'n8n.example:8443')
  for (const url of ['', 'n8n.example/hook', 'ftp://a/b', 'https://a b/', 'https:\\\\a', 7]) {
    t.equal(why(webhookUrl, url), 'must be a URL that begins with https:// or http://')
  }
  t.equal(why(webhookUrl, 'https://me:word@a/b'), 'must be a URL without user name and password')
})

t.test('a signing secret is whsec_ and base64', async (t) => {
  for (const secret of ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_YQ==', 'whsec_YQ']) {
    t.same(signingSecret.parse(` ${secret} `), ok(secret))
  }
  t.equal(signingSecret.show('whsec_YQ=='), 'whsec_YQ==')
  for (const secret of [
    '',
    'whsec_',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsec_a b',
    'whsec_Y',
    'whsec_YR==',
    'whsec_a-_a',
    3,
  ]) {
    t.match(why(signingSecret, secret), /^must be whsec_ and a key in base64/, String(secret))
  }
})

t.test('types of notifications, single ones and families', async (t) => {
  const all = ok(NOTIFICATION_TYPES)
  t.same(notificationTypes.parse('*'), all)
  t.same(notificationTypes.parse(['message.*', 'conversation.*', 'dead_letter.*', 'channel.*']), all)
  t.same(
    notificationTypes.parse(' message.sent ,conversation.paused, message.sent'),
    ok(['conversation.paused', 'message.sent']),
  )
  t.equal(notificationTypes.show(['message.sent', 'channel.connected']), 'message.sent, channel.connected')
  for (const value of ['message', 'message.s*', 'mess*', 'paused', 'Message.sent', '.*']) {
    t.match(why(notificationTypes, value), `has "${value}", and knows conversation.paused, `)
  }
  t.equal(why(notificationTypes, ''), 'must name at least one type of notification')
  t.equal(why(notificationTypes, 5), 'must be a list')
})
