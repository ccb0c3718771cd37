import t from 'tap'
import { halfBodiesAreClosed } from '../fixtures/half-requests.js'

t.test('half a body has half a minute', halfBodiesAreClosed)
