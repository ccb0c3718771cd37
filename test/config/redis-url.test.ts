import t from 'tap'
import { redisUrl } from '../../src/config/redis-url.js'

t.test('every form that the stores understand is taken as it is', async (t) => {
  const forms = [
    'redis://localhost',
    'redis://127.0.0.1:6379',
    'redis://user:pa%2Css@host:6379/3',
    'rediss://:secret@host:6380/',
    'redis://[::1]:6379',
    'rediss://host?family=6',
    'redis://a:1,redis://b:2, redis://c:3/0',
    'redis+cluster://host:7000',
    'redis+sentinel://h1:26379,h2:26379/mymaster',
    'redis+sentinel://user:pass@h1/my.master-1',
  ]
  for (const url of forms) t.same(redisUrl.parse(` ${url} `), { is: 'ok', value: url }, url)
})

t.test('an invalid Redis URL is refused with the valid forms', async (t) => {
  const forms = [
    ...['localhost:6379', 'http://host', 'redis://', 'redis://host:99999', 'redis://host/name', 'redis:host'],
    ...['redis://a:1,b:2', 'redis://a:1,', 'redis+cluster://', 'redis+sentinel://h1:1', 'redis+sentinel://h1:1/'],
    ...['redis+sentinel:///name', 'redis+sentinel://h1:1,:2/name', 'redis+sentinel://h1:1/a/b', 'redis+unix:///x'],
  ]
  for (const url of forms) {
    t.match(redisUrl.parse(url), { is: 'bad', why: /^must be redis:\/\/host:port, rediss:\/\/.*\/name$/ }, url)
  }
})

t.test("a cluster's seed nodes agree with each other", async (t) => {
  t.match(redisUrl.parse('redis://a:1,rediss://b:2'), { is: 'bad', why: /same scheme/ })
  t.match(redisUrl.parse('redis://a:1,redis://b:2/1'), { is: 'bad', why: /must not name a database/ })
  t.match(redisUrl.parse('redis+cluster://a:1/1'), { is: 'bad', why: /must not name a database/ })
})

t.test('an address is shown without its logins', async (t) => {
  const cases = {
    'redis://host:6379/1': 'redis://host:6379/1',
    'redis://user:se@cret@host:6379/1': 'redis://••••@host:6379/1',
    'redis://:x@a:1,redis://:y@b:2': 'redis://••••@a:1,redis://••••@b:2',
    'redis+cluster://:x@a:1': 'redis+cluster://••••@a:1',
    'redis+sentinel://u:x@a:1,b:2/name': 'redis+sentinel://••••@a:1,b:2/name',
    'redis+sentinel://a:1,b:2/name': 'redis+sentinel://a:1,b:2/name',
    'redis://host?password=secret': 'redis://host?••••',
  }
  for (const [url, shown] of Object.entries(cases)) t.equal(redisUrl.show(url), shown)
})

t.test('no accepted spelling shows a secret', async (t) => {
  const PW = 'hunter2secret'
  const cases: Readonly<Record<string, string>> = {
    [`redis://u:${PW}@a:1, redis://u:${PW}@b:2`]: 'redis://••••@a:1,redis://••••@b:2',
    [`redis://u:${PW}@a:1 ,\tredis://u:${PW}@b:2`]: 'redis://••••@a:1,redis://••••@b:2',
    [`REDIS://u:${PW}@a:1`]: 'redis://••••@a:1',
    [`RediSS://:${PW}@a:1,REDISS://:${PW}@b`]: 'rediss://••••@a:1,rediss://••••@b',
    [`redis+sentinel://u:${PW},x@h/m`]: 'redis+sentinel://••••@h/m',
    [`redis+sentinel://u:x,${PW}@h:1, h2:2/m`]: 'redis+sentinel://••••@h:1,h2:2/m',
    [`redis+sentinel://${PW}@h/m`]: 'redis+sentinel://••••@h/m',
    [`redis+cluster://u:${PW}@h:1?password=${PW}`]: 'redis+cluster://••••@h:1?••••',
    [`redis://a:1#${PW}`]: 'redis://a:1',
    [`redis://a:1/2?password=${PW}#${PW}`]: 'redis://a:1/2?••••',
    [`redis://a:1?x=${PW},redis://b:2#${PW}`]: 'redis://a:1?••••,redis://b:2',
    [`redis://${PW}@a:1`]: 'redis://••••@a:1',
    [`redis://u:${PW}@${PW}@a:1`]: 'redis://••••@a:1',
  }
  for (const [url, shown] of Object.entries(cases)) {
    t.match(redisUrl.parse(url), { is: 'ok' }, url)
    t.equal(redisUrl.show(url), shown)
  }
})

t.test('a login that would be read as a host is refused, and not quoted', async (t) => {
  for (const url of ['redis://user:12#34@host', 'redis://user:12?34@host:1', 'redis+sentinel://u:1#2@h/m']) {
    t.same(redisUrl.parse(url), { is: 'bad', why: 'has a login with ? or # in it: write %3F or %23' })
  }
})
