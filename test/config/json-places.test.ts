import t from 'tap'
import { type Place, placesIn } from '../../src/config/json-places.js'

t.test('every value stands where it is said to', async (t) => {
  const text = `{ "a" : [1, {"b": "x, ]}\\" y"}, []], "c":-1.5e3 , "d": {}, "e\\"": null }\n`
  const valueAt = ({ start, end }: Place): unknown => JSON.parse(text.slice(start, end))
  const whole = placesIn(text)
  const given = JSON.parse(text)
  t.same(valueAt(whole), given)
  t.same([...whole.fields.keys()], ['a', 'c', 'd', 'e"'])
  for (const [key, place] of whole.fields) t.same(valueAt(place), given[key], key)
  const items = whole.fields.get('a')!.items
  t.same(items.map(valueAt), given.a)
  t.equal(valueAt(items[1]!.fields.get('b')!), 'x, ]}" y')
})
